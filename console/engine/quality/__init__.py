"""How well a transcript tells what the script made happen."""

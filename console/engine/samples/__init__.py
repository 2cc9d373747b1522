"""The single values behind every number: which run they came from, and how they leave the console as files."""

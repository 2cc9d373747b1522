"""Small dialogs that ask one thing."""

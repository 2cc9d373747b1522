"""What the operator drives and sees."""

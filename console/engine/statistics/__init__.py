"""What may be said of samples, and how sure: pure functions over numbers."""

"""Paired experiments: planned with their margins, run in interleaved pairs, read back as results."""

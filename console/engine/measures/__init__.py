"""What is measured of a run: each metric's unit, definition and clock, as data."""

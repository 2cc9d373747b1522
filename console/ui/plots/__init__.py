"""Plots of text cells: numbers in, safe text of a given width out. They are read by signs and words, not by colour."""

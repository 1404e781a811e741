"""Folding: copies, stories and what is related."""

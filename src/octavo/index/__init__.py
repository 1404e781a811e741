"""Indexes derived from the store; they can be thrown away and rebuilt at any time."""

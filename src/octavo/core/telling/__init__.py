"""Telling: claims and their passages, summaries, hashtags."""

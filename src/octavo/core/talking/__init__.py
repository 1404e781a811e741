"""Talking: threads and moderation."""

"""The one Django app: what Octavo knows. Every index derives from it."""

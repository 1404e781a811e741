"""Octavo, a self-hosted AI news desk. The house in ten lines; imports only go down:

web, cli    faces: one short function per page, endpoint or verb
services    use cases, one noun per file; the only transaction boundary
store       the one Django app: the truth
sources     the world coming in: the network door, feeds, extraction
ai          embeddings and the optional language model
index       full text; derived from the store, rebuilt at any time
core        pure decisions: no Django, no I/O, no clock, no randomness
demo        a press of invented publishers on loopback
"""

__version__ = "0.1.0"

"""A press of invented publishers, served on loopback for the first run and the tests.

press.py reads what is written in press/, edition.py places it in time and on addresses, pages.py, feeds.py, drawings.py
and broadcasts.py render it, server.py serves it.
"""

"""Pure decisions: frozen values in, decisions out. No Django, no I/O, no clock, no randomness."""

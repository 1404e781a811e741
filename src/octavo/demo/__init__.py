"""A press of invented publishers, served on loopback for the first run and the tests."""

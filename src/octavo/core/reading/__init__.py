"""Reading: addresses, identity and the schedule."""

"""Small learned weights as JSON, each with the command that fitted it."""

"""The constructs: each builds one thing, from keyword arguments only."""

"""Will this visit convert? Told from its first minute and the visitor's visits before."""

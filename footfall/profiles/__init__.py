"""The profile document, its index, loading and search."""

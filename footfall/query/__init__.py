"""SQL over the lake's tables."""

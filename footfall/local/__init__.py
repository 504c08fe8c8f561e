"""What exists only on a laptop."""

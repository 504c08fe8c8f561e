"""Where raw lines are made durable."""

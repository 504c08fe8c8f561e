"""What a request goes through, and the sinks it ends in."""

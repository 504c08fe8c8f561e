"""What a user agent, an address or a referrer tells: worked out once for each distinct string."""

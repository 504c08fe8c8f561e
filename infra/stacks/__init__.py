"""The stacks: each composes constructs and grants what they need of each other."""

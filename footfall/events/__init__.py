"""The event model, its validation, reason codes and tenants."""

"""The few calls to AWS that stand between a request and its answer, without an SDK (docs/decisions/0006)."""

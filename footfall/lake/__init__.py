"""Table schemas, catalog, raw objects, ledger, and the engines behind one small port."""

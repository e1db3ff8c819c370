"""The delay ledger: what each day of a project is charged to."""

"""Everything that can be done to a ledger behind its back."""

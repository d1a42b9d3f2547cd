"""The simulator: its traffic, its clock, its ledger and its comparison."""

"""The only place that writes channels, and what the door needs to prove callers."""

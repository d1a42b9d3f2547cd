"""Reads with names, used by the API and the console alike."""

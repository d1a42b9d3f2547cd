"""Exports: searches written to a file that is kept in the database for a day."""

"""Erasing one person: who is meant, where they are, what of it was removed."""

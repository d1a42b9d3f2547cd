"""What stands in the way of a backup or a restore."""


class NotPossible(Exception):
    """It cannot be done as asked; the text says why and what to do."""

"""Starts that cannot succeed, said in one sentence to whoever typed the command."""


class Impossible(Exception):
    """A start that cannot succeed; its text is one sentence that says what to do."""

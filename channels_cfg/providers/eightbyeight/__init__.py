"""8x8 Connect, Messaging Apps and SMS. Sources: README.md."""

from .wire import EightByEight

# No Python package can be named 8x8, so the slug is not the folder's name.
ADAPTER = EightByEight(slug="8x8")

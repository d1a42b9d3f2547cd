"""The admin of what we keep; the console's own pages are in ``portal.console``."""

"""The console: what ops staff see, inside the admin."""

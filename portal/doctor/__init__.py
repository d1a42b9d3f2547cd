"""``manage.py doctor``: looks at what the portal stands on, and says what to do."""

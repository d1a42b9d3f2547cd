"""Rows into public shapes, a page at a time, with a fixed number of queries a page.

``is_clear`` says that the reader may see people (``pii:read``).
"""

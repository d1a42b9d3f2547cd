"""A loopback stand-in for the vendor's token and queue services, and what uses it."""

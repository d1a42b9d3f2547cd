"""Tests of the whole; a provider's own tests live in its folder."""

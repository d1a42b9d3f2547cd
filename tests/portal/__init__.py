"""Tests of how the portal is run."""

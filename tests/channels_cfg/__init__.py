"""Tests of channels and of the seam to providers."""

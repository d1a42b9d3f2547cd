"""Alerts that leave the house: what is judged, how it changes, who is told."""

"""Measurements and the fault campaign: run by hand or by ``make``, no part of the portal."""

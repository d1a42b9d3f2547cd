"""The console in a real browser; skipped, loudly, where there is none."""

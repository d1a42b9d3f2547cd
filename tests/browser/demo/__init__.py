"""Demo data: what providers might have pushed in a week, read by the real drain."""

from tests.browser.demo.filling import fill
from tests.browser.demo.story import later

__all__ = ["fill", "later"]

"""The first page: is everything arriving, and does anything need somebody?"""

from django.utils import timezone

from channels_cfg.models import Channel
from portal.console import charts
from portal.console.problems import open_problems
from portal.console.tallies import Funnel, funnel_of_day, receipts_of_day
from portal.console.tiles import Tile, tiles
from portal.console.views.page import Page
from receipts.querysets.bounded import bounded


class Overview(Page):
    """Verdict, tiles worst first, open problems, the last 24 hours."""

    title = "Overview"
    template_name = "console/overview.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        now = timezone.now()
        with bounded():
            day, problems = receipts_of_day(now), open_problems()
            made = tiles(day, problems, now)
            funnel = funnel_of_day(now)
            has_channels = bool(made) or Channel.objects.exists()
        return super().get_context_data(
            title=verdict(made),  # so that the tab tells it too
            verdict=verdict(made),
            is_well=not any(tile.needs for tile in made),
            tiles=made,
            problems=problems,
            day=day,
            bars=charts.bars(day.hours),
            funnel=_steps(funnel),
            has_channels=has_channels,
            **kwargs,
        )


def verdict(made: list[Tile]) -> str:
    """Say in one line how the channels fare."""
    need = sum(bool(tile.needs) for tile in made)
    waiting = sum(tile.is_waiting for tile in made)
    if not made:
        return "No channel is switched on"
    if need:
        return f"{need} of {len(made)} channels need{'s' * (need == 1)} you"
    if waiting:
        return f"{waiting} of {len(made)} channels wait for a first receipt"
    return f"All {len(made)} channels arriving" if len(made) > 1 else "Arriving"


def _steps(funnel: Funnel) -> list[tuple[str, int, float]]:
    """Return word, count and share of all known messages, in per cent."""
    rows = (
        ("known", funnel.known),
        ("sent", funnel.sent),
        ("delivered", funnel.delivered),
        ("read", funnel.read),
        ("failed", funnel.failed),
    )
    return [
        (word, count, round(100 * count / funnel.known, 1) if funnel.known else 0.0)
        for word, count in rows
    ]

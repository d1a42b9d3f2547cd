"""Celery's door to alerts: beat's turn."""

from celery import shared_task

from receipts.alerts.turn import take_turn


@shared_task(name="receipts.judge_alerts")
def judge_alerts() -> None:
    """Judge and tell, unless a sweep just did."""
    take_turn()

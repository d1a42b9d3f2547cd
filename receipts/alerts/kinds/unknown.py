"""Words and codes of providers that we have no meaning for."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.db.models import Q, Sum

from channels_cfg.models import Channel
from channels_cfg.wire import Kind, Status
from receipts.alerts import samples
from receipts.alerts.findings import AlertKind, Finding, Limit
from receipts.alerts.looking import Look
from receipts.alerts.rules import Rules
from receipts.masking import mask_text
from receipts.models import Receipt, ReceiptCount
from receipts.querysets.bounded import TooCostly, bounded

_FEW = 10
_HOURS = Limit(
    name="hours", label="Seen within", default=24, unit="h", least=1, most=168
)


def judge_words(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find channels that brought a status word or a kind of item we do not know."""
    since = look.now - timedelta(hours=rules.limits(WORDS)["hours"])
    rows = (
        ReceiptCount.objects.filter(hour__gte=since)
        .filter(Q(kind=Kind.UNKNOWN) | Q(kind=Kind.STATUS, status=Status.UNKNOWN))
        .values_list("channel_id", "kind")
        .order_by("channel_id", "kind")
        .annotate(total=Sum("n"))
        .filter(total__gt=0)
    )
    for channel_id, kind, total in rows:
        channel = look.named(channel_id)
        if channel and rules.is_enough(total, WORDS, channel_id):
            yield _of_word(channel, kind, total, look)


def _of_word(channel: Channel, kind: str, total: int, look: Look) -> Finding:
    if kind == Kind.STATUS:
        what, field = "with a status word that we do not know", {"status": "unknown"}
    else:
        what, field = "of a kind that we do not know", {"kind": str(Kind.UNKNOWN)}
    ((name, value),) = field.items()
    return Finding(
        subject=f"{channel.key}/{kind}",
        channel_id=channel.pk,
        summary=f"{channel.name}: {total:,} receipt{'s' * (total != 1)} {what}",
        facts={"Receipts lately": f"{total:,}"},
        path=f"/admin/receipts/?channel={channel.key}&{name}={value}",
        samples=partial(_with_words, channel.pk, field, look),
    )


def _with_words(channel_id: int, field: dict[str, str], look: Look) -> list[str]:
    since = look.now - timedelta(hours=24)
    rows = Receipt.objects.filter(channel_id=channel_id, received_at__gte=since)
    latest = (
        rows.filter(**field).order_by("-received_at").values_list("id", "raw_status")
    )
    try:
        with bounded(1.0):
            return [_said(pk, word) for pk, word in latest[: samples.FEW]]
    except TooCostly:
        return []


def _said(pk: int, word: str | None) -> str:
    # A word is no text, but nobody knows what a provider may put there.
    return (
        f"receipt {pk} with the word {mask_text(word[:80])}"
        if word
        else f"receipt {pk}"
    )


def judge_codes(look: Look, rules: Rules) -> Iterator[Finding]:
    """Find providers that told codes which the dictionary lacks."""
    limits = rules.limits(CODES)
    since = look.now - timedelta(hours=limits["hours"])
    by_provider: dict[str, dict[str, int]] = {}
    for found in ReceiptCount.objects.unknown_codes(since):
        if found.receipts >= limits["least"]:
            codes = by_provider.setdefault(found.provider, {})
            codes[found.code] = found.receipts
    for provider, codes in sorted(by_provider.items()):
        named = ", ".join(list(codes)[:_FEW])
        more = f" and {len(codes) - _FEW} more" if len(codes) > _FEW else ""
        yield Finding(
            subject=provider,
            summary=f"{provider}: error codes that the dictionary lacks: {named}{more}"[
                :500
            ],
            facts={code: f"{count:,} receipts" for code, count in codes.items()}
            if len(codes) <= _FEW
            else {"Codes": f"{len(codes)}"},
            path="/admin/codes/",
        )


WORDS = AlertKind(
    slug="unknown_word",
    label="Unknown words",
    tells="A provider told a status word or a kind of item that we do not know. It is "
    "kept and shown as unknown.",
    judge=judge_words,
    limits=(Limit(name="least", label="Receipts", default=1, least=1), _HOURS),
    clear=0,
)
CODES = AlertKind(
    slug="unknown_code",
    label="Unknown error codes",
    tells="A provider told an error code that the dictionary lacks: somebody should "
    "fill in what it means.",
    judge=judge_codes,
    limits=(Limit(name="least", label="Receipts", default=1, least=1), _HOURS),
    is_of_channels=False,
    clear=0,
)

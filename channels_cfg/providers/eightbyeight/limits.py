"""The clocks and ends of 8x8, as data, and where its portal asks for a URL."""

from datetime import timedelta

from channels_cfg.wire import Limits, ReceiptType, Setting, Status, Where

LIMITS = Limits(
    # Stated on the WhatsApp and Flows pages only.
    ack_limit=timedelta(seconds=5),
    # Whether these are gaps or counted from the first try is not said: the shorter
    # reading, so that nobody relies on more time than there is.
    retry_after=(
        timedelta(seconds=1),
        timedelta(seconds=10),
        timedelta(seconds=30),
        timedelta(seconds=90),
    ),
    read_window=timedelta(days=10),
    media_life=timedelta(hours=24),
    ceilings={
        "line": Status.SENT,
        "line_notification": Status.DELIVERED,
        "zalo_notification": Status.DELIVERED,
        "sms": Status.DELIVERED,
    },
    service_window={"whatsapp": timedelta(hours=24)},
)

ACCOUNT_SETTINGS = (
    Setting(
        name="account_id",
        label="Account ID",
        help="Shown in 8x8 Connect; management updates name it.",
    ),
    Setting(
        name="sub_account_id",
        label="Sub-account ID",
        help="Receipts and messages name it. Leave empty for a webhook set for *, all.",
    ),
    Setting(
        name="waba_id",
        label="WhatsApp Business Account ID",
        help="WhatsApp only. Management updates name it as businessAccountId.",
    ),
)

_MENU = "8x8 Connect > Webhooks, or POST /api/v1/accounts/{accountId}/webhooks"


def _where(receipt_type: ReceiptType, field: str) -> Where:
    return Where(
        receipt_type=receipt_type, channel_type="", menu=_MENU, field=f"url, {field}"
    )


# Without a type 8x8 sends receipts and messages, but no management update.
CONSOLE = (
    _where(
        ReceiptType.ANY,
        "once for each type: CADR (receipts), MSG (messages) and CABM (management "
        "updates, which do not come unless asked for)",
    ),
    _where(ReceiptType.MT_STATUS, "with type CADR"),
    _where(ReceiptType.MO_MESSAGE, "with type MSG"),
    _where(ReceiptType.TEMPLATE_AUDIT, "with type CABM, which must be asked for"),
)

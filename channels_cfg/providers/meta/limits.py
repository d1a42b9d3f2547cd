"""The clocks of the Cloud API, as data, and where the app dashboard asks for a URL."""

from datetime import timedelta

from channels_cfg.wire import Limits, ReceiptType, Setting, Where

LIMITS = Limits(
    # No page names one: short enough for any reading.
    ack_limit=timedelta(seconds=5),
    # Documented is only "with decreasing frequency, for up to 7 days".
    retry_after=(
        timedelta(minutes=1),
        timedelta(minutes=10),
        timedelta(hours=1),
        timedelta(hours=6),
        timedelta(days=1),
        timedelta(days=7),
    ),
    # Of a link; a file's id lives longer, but a token is needed to fetch by it.
    media_life=timedelta(minutes=5),
    service_window={"whatsapp": timedelta(hours=24)},
)

ACCOUNT_SETTINGS = (
    Setting(
        name="waba_id",
        label="WhatsApp Business Account ID",
        help="The id of each entry.",
    ),
)

CONSOLE = (
    Where(
        receipt_type=ReceiptType.ANY,
        channel_type="whatsapp",
        menu="App Dashboard > WhatsApp > Configuration > Webhook",
        field="Callback URL, with Verify token; then subscribe to messages, "
        "message_template_status_update, message_template_quality_update, "
        "template_category_update, user_preferences and smb_message_echoes",
    ),
)

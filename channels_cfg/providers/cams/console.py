"""Where the CAMS console asks for callback URLs, word by word, and for which ids."""

from channels_cfg.wire import ReceiptType, Setting, Where

ACCOUNT_SETTINGS = (
    Setting(
        name="cust_space_id",
        label="Channel ID (CustSpaceId)",
        help="Channel Management lists it; it begins with cams-.",
    ),
    Setting(
        name="waba_id",
        label="WhatsApp Business Account ID (WabaId)",
        help="WhatsApp only. Template review receipts name it.",
    ),
)

_STATUS = "Status Report Callback URL"
_INBOUND = "MO Message Callback URL"
_NOTICE = "Notification Callback URL"


def _where(
    receipt_type: ReceiptType, channel_type: str, *, menu: str, field: str
) -> Where:
    return Where(
        receipt_type=receipt_type,
        channel_type=channel_type,
        menu=f"Channel Management > Manage > {menu}",
        field=field,
    )


_MENUS = (
    ("whatsapp", "WABA Management > Configure Webhook"),
    ("viber", "Service Number Management > Webhook Settings"),
    ("messenger", "Facebook Homepage > Configure Webhook"),
    ("instagram", "Professional Account > Configure Webhook"),
)
# The Viber page of October 2026 shows a third URL; its field's name is not stored.
_NOTICE_MENUS = (
    ("whatsapp", "WABA Management > Channel Webhook Settings"),
    ("viber", "Service Number Management > Webhook Settings"),
)

# Names that the same dialogs show once message queue monitoring is on.
QUEUE_CONSOLE = tuple(
    _where(receipt_type, channel_type, menu=menu, field=field)
    for receipt_type, menus, field in (
        (ReceiptType.MT_STATUS, _MENUS, "Message Receipt Queue"),
        (ReceiptType.MO_MESSAGE, _MENUS, "MO Message Queue"),
        (ReceiptType.TEMPLATE_AUDIT, _NOTICE_MENUS, "Notification Queue"),
    )
    for channel_type, menu in menus
)

CONSOLE = (
    *(_where(ReceiptType.MT_STATUS, t, menu=m, field=_STATUS) for t, m in _MENUS),
    *(_where(ReceiptType.MO_MESSAGE, t, menu=m, field=_INBOUND) for t, m in _MENUS),
    *(
        _where(ReceiptType.TEMPLATE_AUDIT, t, menu=m, field=_NOTICE)
        for t, m in _NOTICE_MENUS
    ),
)

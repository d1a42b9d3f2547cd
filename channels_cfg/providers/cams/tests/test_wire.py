"""Which kind an item is, and what the adapter says of CAMS itself."""

from pathlib import Path

import pytest

from channels_cfg import registry
from channels_cfg.wire import BadItem, Kind, ReceiptType

# By folder, so that the tests of a copied folder test the copy.
ADAPTER = registry.in_folder(Path(__file__).parent.parent.name)


@pytest.mark.parametrize("path", list(ReceiptType))
def test_item_on_the_wrong_path_is_read_as_what_it_is(path: ReceiptType) -> None:
    status_item = {"MessageId": "1", "Status": "Sent", "Type": "TEMPLATE"}
    ends = {"From": "1", "To": "2", "Type": "TEXT"}
    inbound_item = {"MessageId": "1", "Message": "hi", **ends}
    audit_item = {"TemplateCode": "1", "AuditStatus": "pass"}

    read = [ADAPTER.read(path, i, "") for i in (status_item, inbound_item, audit_item)]

    expected = [Kind.STATUS, Kind.INBOUND, Kind.TEMPLATE]
    assert [event.kind for event in read] == expected


@pytest.mark.parametrize("path", list(ReceiptType))
def test_status_of_a_template_without_its_id_is_no_audit(path: ReceiptType) -> None:
    item = {"Status": "Failed", "Type": "TEMPLATE", "TemplateCode": "1", "To": "2"}

    with pytest.raises(BadItem):
        ADAPTER.read(path, item, "whatsapp")


def test_ack_is_the_documented_one_to_the_letter() -> None:
    assert ADAPTER.ack().body == b'{"code":0,"msg":"Success"}'


def test_console_names_the_menu_of_each_documented_channel_type() -> None:
    menus = {(w.receipt_type, w.channel_type): w.menu for w in ADAPTER.console}

    viber = menus[ReceiptType.MT_STATUS, "viber"]
    assert viber.endswith("Service Number Management > Webhook Settings")
    audits = {t for kind, t in menus if kind is ReceiptType.TEMPLATE_AUDIT}
    assert audits == {"whatsapp", "viber"}

"""The three groups that come with the portal, and what each may do."""

from collections.abc import Mapping

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

_SEES = (
    "receipts.view_conversation",
    "receipts.view_message",
    "receipts.view_receipt",
    "receipts.view_callback",
    "receipts.view_quarantineditem",
    "receipts.view_template",
    "channels_cfg.view_channel",
    "channels_cfg.view_errorcode",
    "alerts.view_alert",
)
_ACTS = (
    "receipts.change_quarantineditem",
    "receipts.reveal_pii",
    "receipts.add_export",
    "receipts.view_queuestate",
    "channels_cfg.add_channel",
    "channels_cfg.change_channel",
    "channels_cfg.add_errorcode",
    "channels_cfg.change_errorcode",
    "alerts.add_snooze",
)
_RULES = (
    "receipts.view_pii",
    "receipts.view_accessrecord",
    "receipts.view_erasure",
    "receipts.add_erasure",
    "receipts.view_apitoken",
    "receipts.add_apitoken",
    "receipts.change_apitoken",
    "channels_cfg.delete_errorcode",
    "alerts.change_alertrule",
    "alerts.change_destination",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
    "auth.add_group",
    "auth.change_group",
)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "Viewer": _SEES,
    "Operator": (*_SEES, *_ACTS),
    "Administrator": (*_SEES, *_ACTS, *_RULES),
}


def make() -> None:
    """Make the groups that are missing; one that exists keeps what it was given."""
    missing = GROUPS.keys() - set(Group.objects.values_list("name", flat=True))
    if not missing:
        return
    for label in {name.split(".")[0] for name in GROUPS["Administrator"]}:
        create_permissions(apps.get_app_config(label), verbosity=0)
    named = {
        f"{each.content_type.app_label}.{each.codename}": each
        for each in Permission.objects.select_related("content_type")
    }
    for name in sorted(missing):
        group = Group.objects.create(name=name)
        group.permissions.set(named[permission] for permission in GROUPS[name])

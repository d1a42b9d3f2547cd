"""Channels and the error dictionary in the admin."""

from channels_cfg.admin.channel import ChannelAdmin
from channels_cfg.admin.error_code import ErrorCodeAdmin

__all__ = ["ChannelAdmin", "ErrorCodeAdmin"]

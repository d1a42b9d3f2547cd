"""Channels as operators configure them, and how to prove and reach their provider."""

from channels_cfg.models.callback_path import CallbackPath
from channels_cfg.models.channel import BusinessAddress, Channel
from channels_cfg.models.error_code import ErrorCode
from channels_cfg.models.queue import ProviderQueue, QueueAccount

__all__ = [
    "BusinessAddress",
    "CallbackPath",
    "Channel",
    "ErrorCode",
    "ProviderQueue",
    "QueueAccount",
]

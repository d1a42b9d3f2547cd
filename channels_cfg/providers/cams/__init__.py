"""Alibaba Cloud Chat App Message Service (CAMS). Sources: README.md."""

from channels_cfg.wire import Adapter

from .wire import Cams

# The slug is the folder's name, so that a copied folder is a provider of its own.
ADAPTER: Adapter = Cams(slug=__name__.rpartition(".")[2])

"""Meta's WhatsApp Cloud API. Sources: README.md."""

from .wire import Meta

# The slug is the folder's name, so that a copied folder is a provider of its own.
ADAPTER = Meta(slug=__name__.rpartition(".")[2])

"""``docs/providers.md``, made from the adapters: no Django, no clock.

samples     a provider's fixtures, changed in one place and read again
readings    what an event says, flat, under the names of the API
documented  the fields that a provider documents: ``fields.yaml`` in its folder
trials      what becomes of a field or a value: it is changed, and the reading compared
tables      Markdown
page        the page
"""

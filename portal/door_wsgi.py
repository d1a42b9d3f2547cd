"""The callback door alone, for web processes of its own."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django

from portal.handlers import DoorHandler, guarded
from portal.runtime.child import end_with_parent
from portal.starting import follow_paths, require_spool

django.setup(set_prefix=False)
require_spool()
follow_paths()
application = guarded(DoorHandler())
end_with_parent()

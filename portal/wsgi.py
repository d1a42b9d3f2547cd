"""All of the portal as one WSGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from portal.handlers import DoorHandler, both, guarded
from portal.runtime.child import end_with_parent
from portal.starting import follow_paths, require_spool

_rest = get_wsgi_application()
require_spool()
if not settings.BEHIND_EDGE:
    follow_paths()
application = guarded(both(DoorHandler(), _rest))
# granian's workers would outlive a master that was killed, and keep its socket.
end_with_parent()

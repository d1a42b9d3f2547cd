"""``ENGINE = "receipts.database"``: Django's PostgreSQL on patient connections."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel

from receipts.database.patience import PatientConnection, connect

# Where the server's defaults are weaker: a commit is on disk when we hear of it, and a
# statement whose client is gone (we cut it) does not hold its place for long.
_SESSION = """
SELECT set_config(name, wanted, false) FROM (VALUES
    ('synchronous_commit', 'off', 'on'),
    ('client_connection_check_interval', '0', '2s')
) AS s(name, weak, wanted) WHERE current_setting(name) = weak
"""


class DatabaseWrapper(base.DatabaseWrapper):
    """Opens patient connections; all else is Django's."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> PatientConnection:
        """Open a connection within the time that this thread has."""
        asked = self.settings_dict["OPTIONS"].get("isolation_level")
        self.isolation_level = IsolationLevel(asked or IsolationLevel.READ_COMMITTED)
        opened = connect(conn_params)
        if asked is not None:
            opened.isolation_level = self.isolation_level
        return opened

    def init_connection_state(self) -> None:
        """Make commits durable where the server's default is not."""
        super().init_connection_state()
        if self.connection is not None:
            self.connection.execute(_SESSION)

"""``python -m bench.peers.table``: make the one table that the peers insert into."""

import django

if __name__ == "__main__":
    django.setup()
    from django.db import connection

    from bench.peers.models import Received

    with connection.schema_editor() as editor:
        editor.create_model(Received)

"""How we connect to PostgreSQL; what the query of ``DATABASE_URL`` says wins."""

from collections.abc import Mapping

from portal import env

_OPTIONS: Mapping[str, object] = {
    "connect_timeout": 3,
    "prepare_threshold": 5,
    # A host that vanishes says nothing: without these, who waits for an answer waits
    # for hours. libpq passes them over on a Unix socket, whose other end cannot vanish.
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # ms; of what was sent and is not confirmed
}


def entry(url: str | None) -> dict[str, object]:
    """Return the ``DATABASES`` entry of ``url``."""
    return {
        "CONN_MAX_AGE": 600,
        # A database that was restarted costs no request.
        "CONN_HEALTH_CHECKS": True,
        **env.database(url, _OPTIONS),
    }

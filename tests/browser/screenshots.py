"""``python -m tests.browser.screenshots [FOLDER]``: a picture of each screen.

Makes a database of its own beside the one that ``DATABASE_URL`` names, fills it with
demo data, and drops it in the end.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "images"


def main(folder: Path) -> int:
    """Take every picture; return the exit status."""
    from tests.browser import chromium

    browser = chromium.find()
    if browser.missing:
        sys.stderr.write(f"No pictures: {browser.missing}\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with _database():
        from tests.browser import pictures

        for path in pictures.take_all(browser.path, folder):
            sys.stdout.write(f"{path} {path.stat().st_size // 1024} KiB\n")
    return 0


@contextmanager
def _database() -> Iterator[None]:
    import django

    # Playwright's loop runs in this thread; nothing else of it is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    os.environ["STATIC_MANIFEST"] = "0"
    os.environ["BACKGROUND_THREADS"] = "off"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from django.test.runner import DiscoverRunner

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    made = runner.setup_databases()
    try:
        yield
    finally:
        _end_other_sessions()
        runner.teardown_databases(made)
        runner.teardown_test_environment()


def _end_other_sessions() -> None:
    """End what threads of the server left open: it would keep the database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))

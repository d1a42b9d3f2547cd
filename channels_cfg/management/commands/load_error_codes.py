"""``manage.py load_error_codes``: the error dictionary of this release."""

from django.core.management.base import BaseCommand

from channels_cfg.services import error_codes


class Command(BaseCommand):
    """Call the service, print what it did."""

    help = "Load the error dictionary. Migrate does it too; edited rows stay."

    def handle(self, *args: object, **options: object) -> None:
        done = error_codes.load()
        self.stdout.write(
            f"{done.made} error codes made, {done.changed} changed, "
            f"{done.left} edited ones left as they are."
        )

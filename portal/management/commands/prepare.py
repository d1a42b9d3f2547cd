"""What a release needs before its processes start; safe to run again."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal import first_admin, static_files
from portal.starting import require_spool


class Command(BaseCommand):
    """Migrate, collect static files if they changed, make the first admin."""

    help = "Migrate, collect static files if they changed, make the first admin."

    def handle(self, *args: object, **options: object) -> None:
        """Print the first admin's name and password, the one time it is made."""
        require_spool()
        call_command("migrate", interactive=False, verbosity=0)
        static_files.collect_if_changed()
        if (admin := first_admin.make()) is not None:
            self.stdout.write(f"Admin user: {admin.name}")
            self.stdout.write(f"Admin password: {admin.password}")

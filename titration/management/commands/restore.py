"""manage.py restore FILE: a backup into an empty database, checked before and after."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from titration.backups.contents import BackupRefused
from titration.backups.whole import restore


class Command(BaseCommand):
    help = "Put the copy in FILE into an empty database; a database with rows is refused."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        try:
            made = restore(file)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Restored as of {made.made_at}: {sum(made.contents.rows.values())} rows, every table as counted then. "
            "The chain of the audit holds. Run `manage.py migrate` before you serve it."
        )

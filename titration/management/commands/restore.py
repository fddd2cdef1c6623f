"""manage.py restore FILE: a backup into an empty database, checked before and after."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from titration.backups.contents import BackupRefused
from titration.backups.whole import restore, sessions_in


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
            f"The chain of the audit holds. {_sessions_words(sessions_in(made.contents))} "
            "Run `manage.py migrate` before you serve it."
        )


def _sessions_words(ended: int) -> str:
    if not ended:
        return "No session was in it: everybody signs in again."
    return f"The {ended} session{'' if ended == 1 else 's'} in it ended: everybody signs in again."

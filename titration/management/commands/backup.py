"""manage.py backup FILE: a checked copy of the whole record, made while people go on writing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from titration.backups.contents import BackupRefused, beside
from titration.backups.whole import back_up


class Command(BaseCommand):
    help = "Copy the whole record into FILE, checked; never over another file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, file: Path, **__: Any) -> None:
        try:
            made = back_up(file, timezone.now())
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        rows = made.contents.rows
        self.stdout.write(
            f"{file.name}: {sum(rows.values())} rows, {rows['titration_auditevent']} of the audit, "
            f"head {made.contents.audit_head}. Keep {beside(file).name} with it."
        )

"""manage.py torture: kill the real server while people write, and compare acknowledged, stored and audited.

Runs on a scratch SQLite file or, with --database-url, on a PostgreSQL database that it creates and drops; no other
database is touched. Binds 127.0.0.1 only.
"""

import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from titration.bench.scratch import scratch

SETTINGS = "titration.torture.settings"


class Command(BaseCommand):
    help = "Kill the server while people write; nothing acknowledged may be lost."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=50, help="how often something is killed")
        parser.add_argument("--database-url", help="PostgreSQL: the address of a user who may create databases")

    def handle(self, *, rounds: int, database_url: str | None, **_: Any) -> None:
        if settings.SETTINGS_MODULE == SETTINGS:
            self._run(rounds)
            return
        with scratch(database_url) as place:
            environment = {**place.environment, "DJANGO_SETTINGS_MODULE": SETTINGS}
            code = subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode  # noqa: S603
        if code:
            raise CommandError("The run failed.", returncode=code)

    def _run(self, rounds: int) -> None:
        from titration.torture.run import report, torture

        result = torture(rounds, self._progress)
        self.stdout.write("\n".join(report(result)))
        if not result.is_whole:
            raise CommandError("Something that was acknowledged is not stored or not audited.")

    def _progress(self, words: str) -> None:
        self.stderr.write(f"\r{words} ", ending="")
        self.stderr.flush()

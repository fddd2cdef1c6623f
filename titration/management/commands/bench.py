"""`manage.py bench`: fills a clinic of 10,000 patients in a scratch database and prints how fast the product answers.

The measured process is one of its own, with production's settings; the caller's database is never touched. With
--database-url the run creates and drops a database of its own on that PostgreSQL server.
"""

import subprocess
import sys
import time
from argparse import BooleanOptionalAction
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from titration.bench.assessing import assessing
from titration.bench.filling import MEASURED, fill
from titration.bench.measuring import HEAD, Row, Target, in_words, measured
from titration.bench.memory import two_workers_bytes
from titration.bench.scratch import scratch
from titration.bench.visits import Visitor, visits

MEMORY_TARGET_MB = 250
_MB = 1_000_000
_LEVELS = ("OFF", "NORMAL", "FULL", "EXTRA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    patients: int
    requests: int
    only: str

    def wants(self, name: str) -> bool:
        return self.only.lower() in name.lower()


class Command(BaseCommand):
    help = "Fill a clinic in a scratch database and measure every page, save and export."
    requires_system_checks = ()
    requires_migrations_checks = False
    _has_head = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=10_000)
        parser.add_argument("--requests", type=int, default=50, help="measured requests of each kind; 5 warm up")
        parser.add_argument("--only", default="", help="measure only what has this in its name")
        parser.add_argument("--database-url", help="PostgreSQL: the address of a user who may create databases")
        parser.add_argument(
            "--memory", action=BooleanOptionalAction, default=True, help="also measure two idle workers"
        )

    def handle(
        self, *, patients: int, requests: int, only: str, database_url: str | None, memory: bool, **_: Any
    ) -> None:
        run = Run(patients=patients, requests=requests, only=only)
        if run.patients < len(MEASURED) or run.requests < 1:
            raise CommandError(f"Ask for at least {len(MEASURED)} patients and 1 request.")
        if hasattr(settings, "BENCH_FOLDER"):
            self._measure(run, memory=memory)
            return
        with scratch(database_url) as place:
            code = subprocess.run([sys.executable, *sys.argv], env=place.environment, check=False).returncode  # noqa: S603
        if code:
            raise CommandError("The measured run failed.", returncode=code)

    def _measure(self, run: Run, *, memory: bool) -> None:
        settings.STATIC_ROOT.mkdir()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write(
            f"{run.patients:,} patients on {connection.vendor}{_synchronous()}, {run.requests} requests each"
        )
        rows = [self._print_row(row) for row in measured_rows(run, self._progress)]
        if memory and run.wants("memory"):
            self._print_memory()
        missed = [row.name for row in rows if not row.is_reached]
        self.stdout.write(f"\nMissed: {', '.join(missed)}" if missed else "\nEvery target was reached.")

    def _print_row(self, row: Row) -> Row:
        if not self._has_head:
            self.stdout.write(f"\n{HEAD}")
            self._has_head = True
        self.stdout.write(in_words(row))
        self.stdout.flush()
        return row

    def _print_memory(self) -> None:
        megabytes = two_workers_bytes() / _MB
        reached = "reached" if megabytes <= MEMORY_TARGET_MB else "MISSED"
        self.stdout.write(f"memory of two workers at rest: {megabytes:.0f} MB, target {MEMORY_TARGET_MB} MB: {reached}")

    def _progress(self, what: str, done: int, whole: int) -> None:
        of_whole = f" of {whole:,}" if whole else ""
        self.stderr.write(f"\r  {what}: {done:,}{of_whole}".ljust(60), ending="")
        self.stderr.flush()


def measured_rows(run: Run, progress: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Fills the database that is configured, then measures; rows come as they are known."""
    started = time.monotonic()
    clinician, patients = fill(run.patients, now=timezone.now(), progress=progress)
    progress(f"filled in {time.monotonic() - started:.0f} s, patients", run.patients, run.patients)
    for visit in visits(Visitor(clinician), patients):
        if run.wants(visit.name):
            yield measured(visit.name, visit.ask, times=run.requests, target=visit.target)
    for changes, target in ((100, Target(ms=0.5)), (10_000, Target(ms=20))):
        name = f"assessment, {changes:,} changes"
        if run.wants(name):
            yield measured(name, assessing(changes), times=run.requests, target=target, queries=False)


def _synchronous() -> str:
    """How SQLite waits for the disk, read back from the connection."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        (level,) = cursor.execute("PRAGMA synchronous").fetchone()
    return f", synchronous={_LEVELS[level]}"

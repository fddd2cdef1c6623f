"""manage.py reassess [--loop --every SECONDS]: raise and end the flags that time alone changes; drop old import drafts
and whatever else is kept only for a while; tell SQLite how large its tables are.

Each patient is a transaction of its own and the work can be repeated, so it may be stopped at any time: on SIGTERM or
SIGINT it ends the patient under way and leaves. A record that cannot be assessed is told on stderr by the class and
place of the fault; the others are assessed, and the command ends with an error at its end.
"""

import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections
from django.utils import timezone

from titration.services.clock import ClockBehind
from titration.services.expiry import erase_what_ended, expire_import_drafts
from titration.services.reassessment import NotAssessed, reassess_due
from titration.services.table_sizes import count_tables
from titration.trouble import trouble_of

SECONDS = 300


class Command(BaseCommand):
    help = "Assess the patients whose flags time alone could change today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on, with a pause between rounds")
        parser.add_argument("--every", type=int, default=SECONDS, metavar="SECONDS", help="the pause, in seconds")

    def handle(self, *_: Any, loop: bool, every: int, **__: Any) -> None:
        leave = threading.Event()
        self._leave_on_signal(leave)
        faults = self._go_on(leave, every) if loop else self._round(leave)
        if faults:
            raise CommandError("Not every patient due could be assessed; see the faults above.")

    def _go_on(self, leave: threading.Event, every: int) -> str:
        """Round after round; one that trouble of the database or the clock ends is made up for by the next."""
        faults = ""
        while True:
            try:
                faults = self._round(leave) or faults
            except (Error, ClockBehind) as error:
                trouble = trouble_of(error)
                if trouble is None:
                    raise
                self.stderr.write(f"{trouble.sentence} The next round tries again.")
            close_old_connections()
            if leave.wait(max(every, 1)):
                return faults

    def _leave_on_signal(self, leave: threading.Event) -> None:
        if threading.current_thread() is threading.main_thread():
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: leave.set())

    def _round(self, leave: threading.Event) -> str:
        """What to say of the patients of this round who could not be assessed."""
        done, total, faults, started = 0, 0, "", time.monotonic()
        expire_import_drafts(timezone.now())
        erase_what_ended(timezone.now())
        count_tables()
        try:
            for done, total in reassess_due(timezone.now()):
                if leave.is_set():
                    break
                if self.stdout.isatty():
                    self.stdout.write(f"\rAssessed {done} of {total} patients", ending="")
        except NotAssessed as left_out:
            faults = str(left_out)
        self._tell(done, total, time.monotonic() - started, faults)
        return faults

    def _tell(self, done: int, total: int, seconds: float, faults: str) -> None:
        begin = "\r" if total and self.stdout.isatty() else ""
        self.stdout.write(f"{begin}Assessed {done} of {total} patients due in {seconds:.1f} s.")
        if faults:
            self.stderr.write(faults)

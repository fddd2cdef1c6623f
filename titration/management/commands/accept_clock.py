"""manage.py accept_clock: this server's clock is right, though the newest row of the audit is dated after it.

For a clock that ran ahead and was set right: until its time has come again, entries are refused. Look at the clock
first. The audit keeps its rows and says that the clock was accepted; every patient is due for re-assessment.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from titration.domain.errors import DomainError
from titration.services.clock_check import accept_clock


class Command(BaseCommand):
    help = "Say that the clock is right although the newest row of the audit is dated after it."

    def handle(self, *_: Any, **__: Any) -> None:
        now = timezone.now()
        try:
            seconds = accept_clock(now=now)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"Accepted: it is {now:%Y-%m-%d %H:%M:%S} UTC, {seconds} s before the newest row. Entries are taken again. "
            "Run `manage.py reassess`, and look in the audit for entries that were dated ahead."
        )

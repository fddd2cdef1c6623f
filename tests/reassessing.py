"""Rounds of `reassess` in processes of their own, so that they can be killed, or run at once: `python -m`.

Each works on the database that the environment names; what it tells is JSON on its output.
"""

import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

SIZE = 120
FLAGGED_EVERY = 2


def prepare() -> None:
    """A clinic whose patients were last assessed 20 days ago; today is the day of everyone."""
    from django.core.management import call_command
    from django.utils import timezone

    from titration.bench import filling
    from titration.models import Patient

    filling.FLAGGED_EVERY = FLAGGED_EVERY
    call_command("migrate", verbosity=0, interactive=False)
    filling.fill(SIZE, now=timezone.now() - timedelta(days=20), progress=lambda *_: None)
    Patient.objects.update(next_assessment_on=timezone.now().date())


def run() -> None:
    from django.core.management import call_command

    call_command("reassess")


def loop() -> None:
    from django.core.management import call_command

    call_command("reassess", loop=True, every=1)


def run_killed_at(patient: str) -> None:
    """kill -9 in the middle of that patient: written, and not yet committed."""
    from titration.services import reassessment

    whole, visits = reassessment.refresh_flags, iter(range(1, SIZE + 1))

    def refresh(**values: Any) -> Any:
        said = whole(**values)
        if next(visits) == int(patient):
            os.kill(os.getpid(), signal.SIGKILL)
        return said

    reassessment.refresh_flags = refresh
    run()


def tell() -> None:
    from django.db.models import Count
    from django.utils import timezone

    from titration.models import AuditEvent, Flag, FlagEvent
    from titration.services.audit import broken_links
    from titration.services.reassessment import patients_due

    this_run = FlagEvent.objects.filter(at__gte=timezone.now() - timedelta(days=1))
    ended = this_run.filter(kind__in=["lapsed", "resolved", "past_unanswered"]).values("flag")
    told = {
        "due": len(patients_due(timezone.now())),
        "patients_told": this_run.values("flag__patient").distinct().count(),
        "events": FlagEvent.objects.count(),
        "audit_rows": AuditEvent.objects.count(),
        "broken_links": len(list(broken_links())),
        "ended_twice": ended.annotate(times=Count("pk")).filter(times__gt=1).count(),
        "open_past_their_time": Flag.objects.filter(state="open", time_ends_on__lte=timezone.now().date()).count(),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    import django

    django.setup()
    {act.__name__: act for act in (prepare, run, loop, run_killed_at, tell)}[sys.argv[1]](*sys.argv[2:])

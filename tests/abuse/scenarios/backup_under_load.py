"""People write, a backup is made, they go on writing. What was acknowledged before it began must be in the copy."""

import threading
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.abuse.scratch_site import Site
from titration.models import ResponseScore
from titration.services.drafts import ScoresDraft
from titration.services.reports import record_scores

WRITERS = 2
AT = datetime(2026, 1, 2, 10, tzinfo=UTC)


def scenario(site: Site) -> dict[str, Any]:
    acknowledged: list[str] = []
    stop = threading.Event()
    writers = [threading.Thread(target=_write, args=(site, stop, acknowledged)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    _wait_until(acknowledged, 10)
    before = list(acknowledged)
    call_command("backup", site.arguments[0])
    _wait_until(acknowledged, len(acknowledged) + 4)
    stop.set()
    for writer in writers:
        writer.join()
    stored = ResponseScore.objects.count()
    return {"before": before, "acknowledged": len(acknowledged), "stored": stored}


def _write(site: Site, stop: threading.Event, acknowledged: list[str]) -> None:
    member = site.world.people[0].membership
    while not stop.is_set():
        draft = ScoresDraft(at=AT, values={"spasticity": "3"})
        rows = record_scores(actor=member, patient=site.patient, report=draft, now=timezone.now())
        acknowledged.extend(str(row.public_id) for row in rows)
    connection.close()


def _wait_until(acknowledged: list[str], count: int) -> None:
    waiting = threading.Event()
    while len(acknowledged) < count:
        waiting.wait(0.01)

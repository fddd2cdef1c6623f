"""`manage.py seed_demo`: the demo clinics with their synthetic patients, made through the services.

A second run finds its work done.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from titration.demo.acts import Story
from titration.demo.people import COLLEAGUES, DEMO_CLINIC, HARBOUR_COLLEAGUES, open_demo_clinic, open_harbour_clinic
from titration.demo.planting import plant
from titration.demo.sign_in import DEMO_PASSWORD
from titration.demo.stories import HARBOUR_PATIENT, OTHERS, STORIES
from titration.models import Clinic, Membership


class Command(BaseCommand):
    help = "Make the demo clinics and their synthetic patients. Runs in demo mode only; a second run changes nothing."

    def handle(self, *, verbosity: int, **_: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Use `make demo`: the demo clinic is made in demo mode only. It never runs as production."
            )
        self._is_quiet = verbosity < 1
        if Clinic.objects.filter(name=DEMO_CLINIC).exists():
            self._say("The demo clinic is there already; nothing was changed.")
            return
        started = time.monotonic()
        self._seed(timezone.now())
        self._say(f"Done in {time.monotonic() - started:.1f} s. Everybody signs in with {DEMO_PASSWORD}:")
        for colleague in (*COLLEAGUES, *HARBOUR_COLLEAGUES):
            self._say(f"  {colleague.email:26} {colleague.role}")

    @transaction.atomic
    def _seed(self, started_at: datetime) -> None:
        """All or nothing, so that an interrupted run can be run again."""
        self._plant((*STORIES, *OTHERS), open_demo_clinic(), started_at)
        self._plant((HARBOUR_PATIENT,), open_harbour_clinic(), started_at)

    def _plant(self, stories: Sequence[Story], people: dict[str, Membership], started_at: datetime) -> None:
        for number, story in enumerate(plant(stories, people, started_at=started_at), start=1):
            name = f"{story.person.family_name}, {story.person.given_name}"
            self._say(f"  {number:2} of {len(stories)}  {name:24} {story.title}".rstrip())

    def _say(self, line: str) -> None:
        if not self._is_quiet:
            self.stdout.write(line)
            self.stdout.flush()

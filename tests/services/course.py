"""One patient whose course is followed: the clock, what is on file, and what must hold after every act."""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.factories import NOW
from tests.services import said_of_a_day as said
from tests.services.prescribed_by_hand import Prescribed
from titration.domain.errors import DomainError
from titration.domain.history import prescribed_regimens
from titration.domain.record import PatientRecord
from titration.models import Flag, Patient, Plan
from titration.selectors import patient_record
from titration.services.flags import refresh_flags
from titration.views.plan_page import scene_for

CEILING_MCG = 200_000


class Course(RuleBasedStateMachine):
    """now moves on by a minute with each act. All of it happens in one transaction, which is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = NOW
        self.model = Prescribed()

    def teardown(self) -> None:
        try:
            if hasattr(self, "patient") and sys.exc_info()[0] is None:
                said.check_everything(self)
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    # what is known

    @property
    def today(self) -> date:
        return self.now.astimezone(self.clinic.zone).date()

    @property
    def request(self) -> Any:
        return SimpleNamespace(now=self.now, today=self.today, membership=self.alice)

    def record(self) -> PatientRecord:
        self.patient = Patient.objects.select_related("clinic").get(pk=self.patient.pk)
        return patient_record(self.patient, self.now)

    def scene(self, plan: Plan) -> Any:
        self.record()
        return scene_for(self.request, self.patient, plan.public_id)

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def live(self) -> Plan | None:
        found = Plan.objects.filter(patient=self.patient, state__in=["running", "held"])
        return found.select_related("patient__clinic").first()

    def live_number(self) -> int | None:
        plan = self.live()
        return plan.number if plan else None

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What the service gave, None where it refused in words."""
        self.now += timedelta(minutes=1)
        try:
            done = act()
        except DomainError as refusal:
            note(f"refused: {refusal.sentence}")
            return None
        return done

    def write(self, service: Callable[..., Any], **values: Any) -> Any:
        return self.attempt(lambda: service(actor=self.alice, now=self.now, **values))

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "patient"):
            self.check_prescribed(record := self.record())
            self.check_chain()
            self.check_afresh()
            said.check_pages(self, record)

    def check_prescribed(self, record: PatientRecord) -> None:
        found = prescribed_regimens(record)
        if self.starts_with_nothing:
            found = [each for each in found if each[0] >= min(self.model.changes, default=each[0])]
        assert found == self.model.course, f"{found}\nby hand: {self.model.course}"
        assert all(takes.daily_mcg <= CEILING_MCG for _, takes in found)

    def check_chain(self) -> None:
        rows = list(Plan.objects.filter(patient=self.patient).order_by("number", "version"))
        assert sum(row.state in ("running", "held") for row in rows) <= 1
        for number in {row.number for row in rows}:
            same = [row for row in rows if row.number == number]
            assert [row.version for row in same] == list(range(1, len(same) + 1))
            assert [row.replaces_id for row in same] == [None, *(row.pk for row in same[:-1])]
            assert all(row.state in ("replaced", "stopped") for row in same[:-1])

    def check_afresh(self) -> None:
        if self.patient.treatment_status != "under_treatment":
            return  # visited no longer
        before = self.flags()
        refresh_flags(patient=self.patient, now=self.now)
        assert self.flags() == before, "re-assessed afresh"

    def flags(self) -> list[tuple[Any, ...]]:
        columns = ("code", "episode_on", "state", "severity", "fingerprint", "state_version")
        return list(Flag.objects.filter(patient=self.patient).order_by("pk").values_list(*columns))

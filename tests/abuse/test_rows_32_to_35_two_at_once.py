"""Rows 32 to 35: one form sent twice, two people on one thing, fifty writers, and a chain that stays whole.

Threads with real transactions need PostgreSQL: SQLite has one writer at a time. There the same is asked of the whole
server by row 36.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.abuse.together import done, together
from tests.factories import NOW, TODAY, change_dose, make_member, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ACTS, critical_flag
from titration.models import AuditEvent, Membership, Patient, Plan, PlanEvent, RegimenChange, ResponseScore, Role
from titration.services.audit import broken_links
from titration.services.doses import record_dose_change
from titration.services.drafts import ScoresDraft
from titration.services.errors import Conflict
from titration.services.plans import hold_plan, sign_plan, stop_plan
from titration.services.reports import record_scores

SCORES = ScoresDraft(at=NOW, values={"spasticity": "7"})
# Of two people who saw the same, one alone may do these; new kinds of act may be either.
FOR_ONE_ALONE = frozenset({
    "condition.ended", "dose.changed", "entry.entered_in_error", "flag.accepted", "history.import_undone",
    "history.imported", "interruption.note_written", "medicine.ended", "patient.changed", "plan.held", "plan.resumed",
    "plan.signed", "plan.stepped_back", "plan.stopped", "review.done", "symptom.ended",
})  # fmt: skip
in_threads = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def dose(actor: Membership, patient: Patient, key: UUID | None, days: int = 0) -> RegimenChange:
    return record_dose_change(
        actor=actor, patient=patient, starts_on=TODAY + timedelta(days=days), regimen=regimen(20, 20, 20 - days / 10),
        reason="other", now=NOW, key=key,
    )  # fmt: skip


class TestOneForm:
    pytestmark = in_threads

    def test_row_32_a_form_sent_eight_times_at_once_counts_once(self, alice: Membership, patient: Patient) -> None:
        key = uuid4()
        rows = together([lambda: dose(alice, patient, key, 1)] * 8)
        assert len({row.pk for row in rows}) == 1
        assert RegimenChange.objects.filter(patient=patient, as_told=False).count() == 1
        assert AuditEvent.objects.filter(action="dose.changed").count() == 1

    def test_row_32_another_persons_form_with_this_key_is_refused(self, alice: Membership, patient: Patient) -> None:
        key, other = uuid4(), make_member(alice.clinic)
        results = together([lambda: dose(alice, patient, key, 1), lambda: dose(other, patient, key, 1)])
        assert len(done(results)) == 1
        assert RegimenChange.objects.filter(patient=patient, as_told=False).count() == 1


@pytest.fixture
def sent_twice(alice: Membership, patient: Patient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client = Client()
    client.force_login(alice.user, backend="titration.membership.MembershipBackend")

    def send(name: str, **typed: str) -> list[int]:
        address, fields = reverse(name, args=[patient.public_id]), {"key": str(uuid4()), **typed}
        return [client.post(address, fields).status_code for _ in range(2)]

    return send


@pytest.mark.parametrize(
    ("name", "typed", "model"),
    [
        pytest.param("log_response", {"spasticity": "4", "at": "2026-11-12T10:00"}, ResponseScore, id="score"),
        pytest.param(
            "log_dose",
            {
                "starts_on": str(TODAY),
                "morning": "20",
                "midday": "20",
                "evening": "15",
                "bedtime": "0",
                "reason": "other",
            },
            RegimenChange,
            id="dose",
        ),
    ],
)
def test_row_32_a_page_sent_twice_leads_to_one_row(
    sent_twice: Callable[..., list[int]], name: str, typed: dict[str, str], model: Any
) -> None:
    before = model.objects.count()
    assert sent_twice(name, **typed) == [302, 302]
    assert model.objects.count() == before + 1


class TestTwoPeople:
    pytestmark = in_threads

    @pytest.mark.parametrize("action", ACTS)
    def test_row_33_every_act_by_two_at_once(self, action: str, alice: Membership, patient: Patient) -> None:
        """Both as they saw it: one is done and one is told, or both stand; never half of one, never a lost one."""
        act = ACTS[action](alice, patient)
        before = AuditEvent.objects.count()
        results = together([act, act])
        refused = len(results) - len(done(results))
        assert refused <= 1, results
        assert refused == 1 or action not in FOR_ONE_ALONE
        told = list(AuditEvent.objects.order_by("pk")[before:].values_list("action", flat=True))
        assert told.count("refused") == refused
        assert list(broken_links()) == []

    @pytest.mark.parametrize("first", ["signed", "stopped"])
    def test_row_33_a_plan_is_signed_or_stopped_never_both(
        self, first: str, alice: Membership, patient: Patient
    ) -> None:
        other, plan = make_member(alice.clinic), make_plan(alice, patient, slow_taper())
        acts = [
            lambda: sign_plan(actor=alice, plan=plan, state_version=0, now=NOW),
            lambda: stop_plan(actor=other, plan=plan, reason="no longer", state_version=0, now=NOW),
        ]
        results = together(acts if first == "signed" else acts[::-1])
        (refusal,) = [result for result in results if result not in done(results)]
        assert isinstance(refusal, Conflict)
        plan.refresh_from_db()
        kinds = list(PlanEvent.objects.filter(plan=plan).exclude(kind="drafted").values_list("kind", flat=True))
        assert kinds == [{"running": "signed", "stopped": "stopped"}[plan.state]]

    def test_row_33_one_of_two_clinicians_starts_the_only_live_plan(self, alice: Membership, patient: Patient) -> None:
        plans = [make_plan(alice, patient, slow_taper()) for _ in range(2)]
        together([lambda plan=plan: sign_plan(actor=alice, plan=plan, state_version=0, now=NOW) for plan in plans])
        assert Plan.objects.filter(patient=patient, state="running").count() == 1

    def test_row_33_a_dose_change_and_a_hold_leave_one_held_plan(self, alice: Membership, patient: Patient) -> None:
        plan = sign_plan(actor=alice, plan=make_plan(alice, patient, slow_taper()), state_version=0, now=NOW)
        together([
            lambda: hold_plan(actor=alice, plan=plan, reason="x", state_version=1, now=NOW),
            lambda: change_dose(alice, patient, regimen(20, 20, 15), TODAY),
        ])  # fmt: skip
        plan.refresh_from_db()
        assert plan.state == "held"
        assert RegimenChange.objects.filter(patient=patient, as_told=False).count() == 1


def test_row_33_the_second_clinician_gets_a_page_with_both_versions(
    alice: Membership, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    other, plan = make_member(alice.clinic, name="Olga Orr"), make_plan(alice, patient, slow_taper())
    sign_plan(actor=other, plan=plan, state_version=0, now=NOW)
    client = Client()
    client.force_login(alice.user, backend="titration.membership.MembershipBackend")
    address = reverse("plan_stop", args=[patient.public_id, plan.public_id])
    fields = {"key": str(uuid4()), "state_version": "0", "seen_state": "draft", "why": "my own words"}
    answer = client.post(address, fields)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Olga Orr" in page
    assert "draft" in page
    plan.refresh_from_db()
    assert plan.state == "running"


class TestFifty:
    pytestmark = in_threads

    def test_row_34_fifty_reports_of_one_patient_are_fifty_rows(self, alice: Membership, patient: Patient) -> None:
        write = lambda: record_scores(actor=alice, patient=patient, report=SCORES, now=NOW)  # noqa: E731
        assert len(done(together([write] * 50))) == 50
        assert ResponseScore.objects.filter(patient=patient).count() == 50
        assert AuditEvent.objects.filter(action="scores.recorded").count() == 50
        assert list(broken_links()) == []

    def test_row_34_fifty_doses_are_rows_or_explicit_refusals(self, alice: Membership, patient: Patient) -> None:
        """Ten days, five people each: of one day one dose is current at the end, and no row is lost."""
        acts = [lambda days=number % 10: dose(alice, patient, uuid4(), days + 1) for number in range(50)]
        written = done(together(acts))
        assert RegimenChange.objects.filter(patient=patient, as_told=False).count() == len(written)
        current = RegimenChange.objects.filter(patient=patient, as_told=False, status="current")
        assert current.count() == current.values("starts_on").distinct().count()
        assert AuditEvent.objects.filter(action="dose.changed").count() == len(written)

    def test_row_35_writers_of_many_patients_leave_one_unbroken_chain(self, alice: Membership) -> None:
        patients = [make_patient(alice) for _ in range(12)]
        acts = [lambda each=each: critical_flag(alice, each) for each in patients]
        assert len(done(together(acts))) == 12
        assert list(broken_links()) == []
        assert AuditEvent.objects.filter(action="intake.recorded").count() == 12


def test_row_33_a_reader_cannot_even_conflict(alice: Membership, patient: Patient) -> None:
    """Rights come before versions: nothing of the other version is shown to who may not act."""
    plan, reader = make_plan(alice, patient, slow_taper()), make_member(alice.clinic, Role.READ_ONLY)
    client = Client()
    client.force_login(reader.user, backend="titration.membership.MembershipBackend")
    address = reverse("plan_stop", args=[patient.public_id, plan.public_id])
    assert client.post(address, {"state_version": "7", "why": "x"}).status_code == 403

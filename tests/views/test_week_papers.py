"""The steps of the week as one PDF: gathered a piece at a time, fetched once by who asked, kept nowhere, audited."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.exports.pdf_text import claims_universal_access, needs_poppler, words_of
from tests.factories import NOW, TODAY, make_patient, make_plan, regimen
from titration.domain.regimen import Regimen
from titration.models import AuditEvent, Membership, Patient, Plan, WeekPaper
from titration.services.plans import hold_plan, sign_plan
from titration.views import week_papers

SignIn = Callable[[Membership], Client]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def running(alice: Membership, patient: Patient, days: int = 1) -> None:
    """60 to 0 by 5 mg a week from the given day on."""
    first = TODAY + timedelta(days=days)
    steps: list[tuple[Any, Regimen]] = [
        (first + timedelta(days=7 * at), regimen(mg)) for at, mg in enumerate(range(55, -1, -5))
    ]
    plan = make_plan(alice, patient, steps)
    sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=NOW)


@pytest.fixture
def clinic_of_three(alice: Membership, patient: Patient) -> list[Patient]:
    patients = [patient, *(make_patient(alice, identifier=f"N-{at}", family_name=f"Number{at}") for at in (1, 2))]
    for days, each in enumerate(patients, start=1):
        running(alice, each, days)
    return patients


def ask(client: Client) -> UUID:
    answer: Any = client.post(reverse("week"))
    assert answer.status_code == 302
    paper = WeekPaper.objects.latest("pk")
    assert answer.url == reverse("week_paper", args=[paper.public_id])
    return paper.public_id


def go_on(client: Client, paper: UUID, **headers: str) -> Any:
    return client.post(reverse("week_paper", args=[paper]), headers=headers)


def fetch(client: Client, paper: UUID) -> Any:
    return client.post(reverse("week_fetch", args=[paper]))


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(week_papers, "BATCH_SECONDS", 0.0)


@needs_poppler
def test_every_step_of_the_week_stands_on_it_with_what_to_take(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient]
) -> None:
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    answer = fetch(client, paper)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == f'attachment; filename="baclofen-steps-{TODAY.isoformat()}.pdf"'
    text = words_of(answer.content)
    for patient in clinic_of_three:
        assert f"{patient.given_name} {patient.family_name}" in text
        assert patient.identifier in text
    assert "60 mg → 55 mg" in text
    assert "3 steps" in text
    assert claims_universal_access(answer.content)


def test_the_bar_fills_a_piece_at_a_time_and_a_restart_loses_nothing(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient], one_at_a_time: None
) -> None:
    client = as_member(nina)
    paper = ask(client)
    for done in (1, 2, 3):
        page = go_on(client, paper, **{"hx-request": "true"}).content.decode()
        assert f'<progress id="progress" value="{done}" max="3">' in page
        assert "<html" not in page
        client = as_member(nina)
    assert "Fetch the PDF" in page


def test_it_is_fetched_once_and_nothing_is_kept(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient]
) -> None:
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    assert "Ashdown" in str(WeekPaper.objects.get().rows)
    assert fetch(client, paper).status_code == 200
    kept = WeekPaper.objects.get()
    assert (kept.rows, kept.pending) == ([], [])
    again = fetch(client, paper)
    assert again.status_code == 409
    assert "is not kept" in again.content.decode()


def test_it_is_not_fetched_before_everybody_is_read(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient], one_at_a_time: None
) -> None:
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    assert fetch(client, paper).status_code == 422


def test_only_who_asked_finds_it(
    as_member: SignIn, nina: Membership, alice: Membership, charlie: Membership, clinic_of_three: list[Patient]
) -> None:
    paper = ask(as_member(nina))
    for other in (alice, charlie):
        assert as_member(other).get(reverse("week_paper", args=[paper])).status_code == 404
        assert go_on(as_member(other), paper).status_code == 404
        assert fetch(as_member(other), paper).status_code == 404


def test_each_patient_and_the_fetching_leave_audit_rows(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient]
) -> None:
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    fetch(client, paper)
    told = AuditEvent.objects.filter(action="plan.exported", actor=nina.user)
    assert {event.patient_public_id for event in told} == {patient.public_id for patient in clinic_of_three}
    assert {event.detail["format"] for event in told} == {"week.pdf"}
    last = AuditEvent.objects.get(action="week.exported")
    assert (last.detail["patients"], last.detail["steps"], last.object_id) == (3, 3, str(paper))
    assert "Ashdown" not in str(last.detail)


def test_a_new_one_takes_the_place_of_the_old(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient]
) -> None:
    client = as_member(nina)
    first = ask(client)
    go_on(client, first)
    second = ask(client)
    assert [paper.public_id for paper in WeekPaper.objects.all()] == [second]


def test_what_nobody_fetched_is_gone_after_a_day(
    as_member: SignIn, nina: Membership, alice: Membership, clinic_of_three: list[Patient]
) -> None:
    go_on(as_member(nina), ask(as_member(nina)))
    WeekPaper.objects.update(asked_at=NOW - timedelta(hours=25))
    ask(as_member(alice))
    assert WeekPaper.objects.count() == 1


def test_a_reader_asks_for_nothing(as_member: SignIn, bob: Membership) -> None:
    assert as_member(bob).post(reverse("week")).status_code == 403
    assert not WeekPaper.objects.exists()


def test_a_plan_held_meanwhile_leaves_no_row(
    as_member: SignIn, alice: Membership, nina: Membership, clinic_of_three: list[Patient]
) -> None:
    client = as_member(nina)
    paper = ask(client)
    plan = clinic_of_three[0].plans.get()
    plan.state, plan.held_on = "held", TODAY
    plan.save()
    go_on(client, paper)
    assert len(WeekPaper.objects.get().rows) == 2


def test_a_week_without_steps_says_so(as_member: SignIn, nina: Membership) -> None:
    client = as_member(nina)
    assert "No step of a running plan" in client.get(reverse("week")).content.decode()
    assert fetch(client, ask(client)).status_code == 200


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        pytest.param(24, "A plan was changed since", id="a day old is judged by what was changed"),
        pytest.param(25, "asked for more than a day ago", id="an older one by its age"),
    ],
)
def test_an_old_paper_is_not_handed_out(
    as_member: SignIn, nina: Membership, clinic_of_three: list[Patient], hours: int, words: str
) -> None:
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    WeekPaper.objects.update(asked_at=NOW - timedelta(hours=hours), rows=[])
    answer = fetch(client, paper)
    assert answer.status_code == 409
    assert words in answer.content.decode()


def test_no_paper_is_handed_out_with_a_step_that_was_changed_since(
    as_member: SignIn, alice: Membership, nina: Membership, clinic_of_three: list[Patient]
) -> None:
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    plan = Plan.objects.get(patient=clinic_of_three[0])
    hold_plan(actor=alice, plan=plan, reason="unwell", state_version=plan.state_version, now=NOW + timedelta(seconds=1))
    answer = fetch(client, paper)
    assert answer.status_code == 409
    assert "A plan was changed since this paper was asked for. Ask for a new one." in answer.content.decode()


def test_both_plans_of_a_patient_stand_on_it_where_one_follows_the_other(
    as_member: SignIn, alice: Membership, nina: Membership, patient: Patient
) -> None:
    running(alice, patient)
    days = (TODAY + timedelta(days=5), TODAY + timedelta(days=12))
    plan = make_plan(alice, patient, list(zip(days, (regimen(50), regimen(40)), strict=True)), start=regimen(55))
    sign_plan(actor=alice, plan=plan, state_version=0, now=NOW)
    client = as_member(nina)
    paper = ask(client)
    go_on(client, paper)
    rows = WeekPaper.objects.get(public_id=paper).rows
    assert [(row["on"], row["from"], row["to"]) for row in rows] == [
        ("2026-11-14", "60\u00a0mg", "55\u00a0mg"),
        ("2026-11-18", "55\u00a0mg", "50\u00a0mg"),
    ]

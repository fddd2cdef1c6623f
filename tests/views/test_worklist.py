"""Home: who needs attention, in which order, by which filter; and a patient in a few keys."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import NOW, TODAY, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, raised_flag
from titration.domain.record import IntakeKind
from titration.models import Flag, Membership, Patient
from titration.permissions import SENTENCES, Action
from titration.services.dispensing import record_dispensing
from titration.services.drafts import IntakeDraft, SedationDraft
from titration.services.intake import record_intake
from titration.services.plans import sign_plan
from titration.services.reports import record_sedation
from titration.services.reviews import plan_review

SignIn = Callable[[Membership], Client]
MOST_QUERIES = 9 + 5  # the last ones record who looked, between two savepoints, on PostgreSQL behind a lock


def page(client: Client, **query: str) -> str:
    return client.get(reverse("worklist"), query).content.decode()


def stop(alice: Membership, patient: Patient) -> None:
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY - timedelta(days=1))
    record_intake(actor=alice, patient=patient, report=report, now=NOW)


@pytest.fixture
def busy(alice: Membership, patient: Patient) -> dict[str, Patient]:
    """One critical flag, one high flag, one review due, one step this week."""
    stop(alice, patient)
    drowsy = make_patient(alice, family_name="Kovalenko")
    record_sedation(actor=alice, patient=drowsy, report=SedationDraft(at=NOW, grade=3), now=NOW)
    reviewed = make_patient(alice, family_name="Quill")
    plan_review(actor=alice, patient=reviewed, due_on=TODAY, purpose="Review at 6 weeks", now=NOW)
    tapering = make_patient(alice, family_name="Lindgren")
    plan = make_plan(alice, tapering, slow_taper())
    sign_plan(actor=alice, plan=plan, state_version=plan.state_version, now=NOW)
    return {"stopped": patient, "drowsy": drowsy, "reviewed": reviewed, "tapering": tapering}


def test_shows_tablets_that_run_out_within_seven_days(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    for days, name in ((7, "Week"), (8, "Later")):
        person = make_patient(alice, family_name=name)
        record_dispensing(
            actor=alice, patient=person, product="tablet-10-halves", quantity=Fraction(6 * days), on=TODAY, now=NOW
        )
    for shown in (page(as_member(alice)), page(as_member(alice), show="tablets")):
        assert "Tablets run out" in shown
        assert "In 7 days" in shown
        assert "Week" in shown
        assert "Later," not in shown


def test_shows_flags_by_severity_then_reviews_then_steps(
    as_member: SignIn, alice: Membership, busy: dict[str, Patient]
) -> None:
    shown = page(as_member(alice))
    order = [shown.index(busy[name].family_name) for name in ("stopped", "drowsy", "reviewed", "tapering")]
    assert order == sorted(order)
    assert "Taper step 1: 60 → 55\u00a0mg/day" in shown


def test_steps_of_a_week_are_one_row_a_patient(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    days = [TODAY + timedelta(days=ahead) for ahead in (1, 3, 5, 12)]
    doses = (regimen(25, 0, 0, 30), regimen(25, 0, 0, 25), regimen(20, 0, 0, 25), regimen(20, 0, 0, 20))
    steps = list(zip(days, doses, strict=True))
    plan = make_plan(alice, patient, steps)
    sign_plan(actor=alice, plan=plan, answer=ANSWER, state_version=plan.state_version, now=NOW)
    client = as_member(alice)
    for shown in (page(client), page(client, show="steps")):
        assert shown.count("Taper step ") == 1
        assert "Taper step 1: 60 → 55\u00a0mg/day" in shown
        assert "+2 more this week" in shown
        assert "Steps 1<" in shown


def test_a_step_that_changes_nothing_stays_at_its_dose(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    steps = [(TODAY + timedelta(days=1), regimen(20, 20, 20)), (TODAY + timedelta(days=15), regimen(20, 15, 20))]
    plan = make_plan(alice, patient, steps)
    sign_plan(actor=alice, plan=plan, answer=ANSWER, state_version=plan.state_version, now=NOW)
    shown = page(as_member(alice))
    assert "Taper step 1: stays at 60\u00a0mg/day" in shown
    assert "60 → 60" not in shown


def test_info_has_a_filter_where_a_row_of_it_stands(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    flag, client = raised_flag(alice, patient), as_member(alice)
    assert "show=info" not in page(client)
    assert "Info 0" in page(client, show="info"), "the filter that is chosen stays"
    Flag.objects.filter(pk=flag.pk).update(severity="info", urgency=10)
    assert "Info 1" in page(client)
    assert "Ashdown" in page(client, show="info")


@pytest.mark.parametrize(
    ("show", "seen"),
    [("critical", "Ashdown"), ("high", "Kovalenko"), ("reviews", "Quill"), ("steps", "Lindgren")],
)
def test_a_quick_filter_shows_its_rows_alone(
    as_member: SignIn, alice: Membership, busy: dict[str, Patient], show: str, seen: str
) -> None:
    shown = page(as_member(alice), show=show)
    others = {"Ashdown", "Kovalenko", "Quill", "Lindgren"} - {seen}
    assert seen in shown
    assert not [name for name in others if name in shown]


def test_mine_shows_only_patients_of_the_person(as_member: SignIn, alice: Membership, busy: dict[str, Patient]) -> None:
    Patient.objects.filter(pk=busy["drowsy"].pk).update(responsible=alice)
    shown = page(as_member(alice), show="mine")
    assert "Kovalenko" in shown
    assert "Quill" not in shown


@pytest.mark.parametrize(
    "query", [{"show": "everything"}, {"page": "-1"}, {"page": "x"}, {"page": "9" * 30}, {"show": "'"}]
)
def test_an_unknown_filter_or_page_shows_the_whole_list(
    as_member: SignIn, alice: Membership, busy: dict[str, Patient], query: dict[str, str]
) -> None:
    answer = as_member(alice).get(reverse("worklist"), query)
    assert answer.status_code == 200
    assert "Ashdown" in answer.content.decode()


def test_an_empty_list_is_no_proof_of_safety(as_member: SignIn, alice: Membership) -> None:
    shown = page(as_member(alice))
    assert "No patient yet" in shown
    assert "that is not proof of safety" in shown


def test_another_clinics_patients_are_not_there(
    as_member: SignIn, charlie: Membership, busy: dict[str, Patient]
) -> None:
    shown = page(as_member(charlie))
    assert not [each.family_name for each in busy.values() if each.family_name in shown]


def test_a_read_only_member_reads_who_may_register(as_member: SignIn, bob: Membership) -> None:
    assert SENTENCES[Action.REGISTER_PATIENT] in page(as_member(bob))


def test_takes_few_queries_however_many_patients(
    as_member: SignIn, alice: Membership, busy: dict[str, Patient]
) -> None:
    client = as_member(alice)
    for _ in range(5):
        stop(alice, make_patient(alice))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client)
    assert len(queries) <= MOST_QUERIES


def test_fifty_rows_a_page(as_member: SignIn, alice: Membership) -> None:
    for number in range(51):
        plan_review(actor=alice, patient=make_patient(alice, family_name=f"Row{number:02}"), due_on=TODAY, now=NOW)
    client = as_member(alice)
    assert page(client).count('class="c-name"') == 50
    assert page(client, page="2").count('class="c-name"') == 1


def test_a_hostile_name_is_inert(as_member: SignIn, alice: Membership) -> None:
    stop(alice, make_patient(alice, family_name='"><svg onload=alert(1)>', given_name="{{7*7}}"))
    shown = page(as_member(alice))
    assert "<svg onload" not in shown
    assert "{{7*7}}" in shown


def find(client: Client, text: str, **headers: Any) -> Any:
    return client.post(reverse("find_patients"), {"q": text}, headers=headers)


@pytest.mark.parametrize("text", ["ashd", "marg", "1968-03-12", "12 mar 1968", "12/03/1968"])
def test_enter_opens_the_only_match(as_member: SignIn, alice: Membership, patient: Patient, text: str) -> None:
    answer = find(as_member(alice), text)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("patient", args=[patient.public_id])


def test_a_date_in_digits_is_said_as_it_was_read(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = find(as_member(alice), "12/03/1968", **{"HX-Request": "true"}).content.decode()
    assert "Read as born 12\u00a0Mar\u00a01968." in shown
    assert "Ashdown" in shown


def test_several_matches_have_the_focus_on_the_first(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    make_patient(alice, given_name="Zelda")
    shown = find(as_member(alice), "ashdown").content.decode()
    assert shown.count('<li><a href="/patients/') == 2
    assert shown.count(" autofocus") == 1


def test_typing_brings_only_the_matches(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    shown = find(as_member(alice), "ashd", **{"HX-Request": "true"}).content.decode()
    assert shown.startswith('<div id="matches"')
    assert "<html" not in shown


@pytest.mark.parametrize("text", ["", " ", "nobody", "\x00", "%", "a" * 5000, "<script>"])
def test_no_match_says_what_can_be_written(as_member: SignIn, alice: Membership, patient: Patient, text: str) -> None:
    answer = find(as_member(alice), text)
    assert answer.status_code == 200
    assert "Ashdown" not in answer.content.decode()
    assert "<script>" not in answer.content.decode().split("<main", 1)[1]


def test_nobody_of_another_clinic_is_found(as_member: SignIn, charlie: Membership, patient: Patient) -> None:
    assert "Ashdown, Margaret" not in find(as_member(charlie), "ashdown").content.decode()


def test_what_is_typed_never_stands_in_an_address(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    for address in (reverse("worklist"), reverse("find_patients"), reverse("guidance")):
        form = client.get(address).content.decode().split('role="search"')[1].split("</form>")[0]
        assert 'method="post"' in form
        assert "csrfmiddlewaretoken" in form
        assert "hx-get" not in form
    assert "Ashdown" not in client.get(reverse("find_patients"), {"q": "ashdown"}).content.decode()


def test_a_search_from_another_site_is_refused(alice: Membership, patient: Patient) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user, backend="titration.membership.MembershipBackend")
    assert find(client, "ashdown").status_code == 403

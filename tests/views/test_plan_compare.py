"""Two plans side by side: on file, drawn, or drawn another way; in measures, in words and on one axis."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories import NOW, TODAY, make_patient, make_plan, quick_taper, regimen
from tests.services.acts import ANSWER, as_shown, running_plan
from tests.views.test_planner import inputs, url
from titration.models import AuditEvent, Membership, Patient, Plan
from titration.services.plans import slow_plan_down

SignIn = Callable[[Membership], Client]
SLOW = {"way": "equal", "step": "5", "step_days": "7"}


def tens(weeks: int = 1) -> list[Any]:
    """60 to 0 by 10 mg every so many weeks, in doses that the usual tablets make."""
    totals = [(20, 10, 20), (10, 10, 20), (10, 10, 10), (10, 0, 10), (0, 0, 10), (0, 0, 0)]
    first = TODAY + timedelta(days=1)
    return [(first + timedelta(days=7 * weeks * at), regimen(*doses)) for at, doses in enumerate(totals)]


def shown(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_a_draft_stands_beside_the_plan_that_runs(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    running = running_plan(alice, patient, tens())
    draft = make_plan(alice, patient, tens(2))
    page = shown(as_member(alice).get(url(patient, "plan_compare"), {"this": str(draft.public_id)}))
    assert f'<option value="{running.public_id}" selected>' in page
    assert "Plan 1, version 1 (running) ends 5 weeks earlier, on 19 Dec 2026." in page
    assert "10 mg (100 %) on 19 Dec 2026" in page
    assert page.count("<svg") >= 2


def test_two_versions_of_one_plan_stand_once_each_in_the_picture(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    first = running_plan(alice, patient, tens())
    later = [(day + timedelta(days=7), doses) for day, doses in tens()]
    second = slow_plan_down(actor=alice, plan=first, continuation=as_shown(first, later, "sleep", ANSWER), now=NOW)
    typed = {"this": str(second.public_id), "other": str(first.public_id)}
    page = shown(as_member(alice).get(url(patient, "plan_compare"), typed))
    picture = page.split("Planned dose in mg")[1].split("</svg>")[0]
    assert sorted(re.findall(r">([^<]*version \d[^<]*)<", picture)) == [
        "Plan 1, version 1 (replaced)",
        "Plan 1, version 2 (running)",
    ]


def test_findings_and_steepness_are_told_apart(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    steep, slow = make_plan(alice, patient, quick_taper()), make_plan(alice, patient, tens())
    typed = {"this": str(slow.public_id), "other": str(steep.public_id)}
    page = shown(as_member(alice).get(url(patient, "plan_compare"), typed))
    assert "It changes the dose 4 times less." in page
    assert "30 mg (100 %)" in page
    assert "1 critical" in page


def test_inputs_stand_beside_another_way(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    typed = inputs(**SLOW, compare_with="way:three_weeks")
    page = shown(as_member(alice).post(url(patient, "plan_compare"), typed))
    assert "“Over 3 weeks”" in page
    assert "These inputs" in page
    assert 'name="way" value="three_weeks"' in page
    assert "less." in page.partition("To dispense:")[2]


def test_inputs_stand_beside_a_plan_on_file(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, tens())
    page = shown(as_member(alice).post(url(patient, "plan_compare"), inputs(compare_with=f"plan:{plan.public_id}")))
    assert "Plan 1, version 1 (draft)" in page


def test_inputs_that_were_kept_stand_beside_those_drawn_next(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    page = client.post(url(patient, "plan_draw"), inputs(**SLOW, act="keep")).content.decode()
    assert '<option value="kept" selected>' in page
    kept = json.dumps({**SLOW, "kind": "taper", "first_step_on": "2026-11-16", "target": "0", "rows": "0",
                       "products": ["tablet-10-halves"]})  # fmt: skip
    page = shown(client.post(url(patient, "plan_compare"), inputs(kept=kept, compare_with="kept")))
    assert "The inputs kept ends 57 days later, on 1 Feb 2027." in page, page


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"products": 3}', "[" * 9000, "x" * 30_000])
def test_inputs_that_cannot_be_read_are_refused(
    as_member: SignIn, alice: Membership, patient: Patient, kept: str
) -> None:
    answer = as_member(alice).post(url(patient, "plan_compare"), inputs(kept=kept, compare_with="kept"))
    assert answer.status_code == 422
    assert "This cannot be compared" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"target": "90"}, "is above the present 60 mg/day"),
        ({"compare_with": "way:none"}, "Choose what to compare with."),
        ({"way": "equal", "step": "5", "step_days": "7", "compare_with": ""}, "Choose what to compare with."),
    ],
)
def test_what_cannot_be_compared_says_why(
    as_member: SignIn, alice: Membership, patient: Patient, typed: dict[str, str], sentence: str
) -> None:
    answer = as_member(alice).post(url(patient, "plan_compare"), inputs(**typed))
    assert answer.status_code == 422
    assert sentence in shown(answer)


def test_without_a_second_plan_it_says_how_to_get_one(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    assert "There is no plan on file." in shown(client.get(url(patient, "plan_compare")))
    make_plan(alice, patient, tens())
    assert "There is one plan on file." in shown(client.get(url(patient, "plan_compare")))


def test_comparing_writes_nothing(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    as_member(alice).post(url(patient, "plan_compare"), inputs(compare_with="way:two_weeks"))
    assert not Plan.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="plan.").exists()


def test_another_patients_plan_is_not_there(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    other = make_plan(alice, make_patient(alice), tens())
    client = as_member(alice)
    for plan_id in (str(other.public_id), str(uuid4()), "<script>"):
        assert client.get(url(patient, "plan_compare"), {"this": plan_id}).status_code == 404
        answer = client.post(url(patient, "plan_compare"), inputs(compare_with=f"plan:{plan_id}"))
        assert answer.status_code == 404


def test_two_plans_cost_as_many_queries_as_a_long_history(
    as_member: SignIn, alice: Membership, patient: Patient, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    plans = [make_plan(alice, patient, tens(weeks)) for weeks in (1, 2, 3)]
    typed = {"this": str(plans[0].public_id), "other": str(plans[1].public_id)}
    client = as_member(alice)
    with django_assert_max_num_queries(30):
        client.get(url(patient, "plan_compare"), typed)

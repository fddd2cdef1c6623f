"""Stays in the planner: several rows, added and removed without a script, drawn, refused with their number, kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.views.test_planner import draw, inputs, url
from titration.forms.plan_rows import MOST_STAYS
from titration.models import Membership, Patient, Plan

SignIn = Callable[[Membership], Client]
TENS = {"way": "equal", "step": "10", "step_days": "7"}


def stays(*rows: tuple[str, str]) -> dict[str, str]:
    typed = {f"stay{place}-at": at for place, (at, _) in enumerate(rows)}
    typed |= {f"stay{place}-days": days for place, (_, days) in enumerate(rows)}
    return {"stays": str(len(rows)), **typed}


def shown(answer: Any) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_one_empty_stay_stands_ready(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    page = shown(as_member(alice).get(url(patient)))
    assert 'name="stays" value="1"' in page
    assert 'name="stay0-at"' in page
    assert 'value="remove_stay-0"' not in page


def test_a_stay_moves_the_end(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    page = shown(draw(as_member(alice), patient, **TENS, **stays(("30", "14"))))
    assert "Stays at 30 mg/day 14 days longer, until the step of 21 Dec 2026." in page


def test_each_of_several_stays_moves_what_follows(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    page = shown(draw(as_member(alice), patient, **TENS, **stays(("40", "14"), ("", "7"), ("20", "7"))))
    assert "Stays at 40 mg/day 14 days longer, until the step of 14 Dec 2026." in page
    assert "Stays at 20 mg/day 7 days longer, until the step of 4 Jan 2027." in page
    assert "6 steps in 8 weeks" in page


def test_their_order_is_no_matter(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    there, back = (shown(draw(client, patient, **TENS, **stays(*rows))) for rows in (
        (("40", "14"), ("20", "7")), (("20", "7"), ("40", "14")),
    ))  # fmt: skip
    for page in (there, back):
        assert "6 steps in 8 weeks" in page


def test_a_stay_is_added_and_removed_without_a_script(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client, typed = as_member(alice), inputs(**TENS, **stays(("40", "14")))
    more = shown(client.post(url(patient, "plan_draw"), {**typed, "act": "add_stay"}))
    assert 'name="stays" value="2"' in more
    assert 'name="stay0-at" value="40"' in more
    assert 'name="stay1-days" value="7"' in more
    typed |= stays(("40", "14"), ("20", "7"))
    fewer = shown(client.post(url(patient, "plan_draw"), {**typed, "act": "remove_stay-0"}))
    assert 'name="stays" value="1"' in fewer
    assert 'name="stay0-at" value="20"' in fewer
    assert "Stays at 40 mg/day" not in fewer


def test_for_htmx_the_whole_planner_comes_back(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = draw(as_member(alice), patient, htmx=True, **TENS, **stays(("40", "14")), act="add_stay")
    assert answer["HX-Retarget"] == "#planner"
    assert 'id="add-stay"' in shown(answer)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((("30", ""),), "Stay 1: Write how many days longer, or leave the whole line empty."),
        ((("30", "7"), ("20", "0")), "Stay 2: Write a whole number from 1 to 366."),
        ((("30", "7"), ("", "x")), "Stay 2: Write a whole number from 1 to 366."),
        ((("1_0", "7"),), "Stay 1: Write the dose in mg"),
        ((("30", "7"), ("20", "7"), ("30", "3")), "Stay 3: 30 mg/day stands above already. Add its days there."),
        ((("30", "7"), ("35", "7")), "This plan does not go on from 35 mg/day. Choose one of 50 mg, 40 mg"),
        ((("60", "7"),), "does not go on from 60 mg/day"),
        ((("0", "7"),), "does not go on from 0 mg/day"),
    ],
    ids=["no days", "0 days", "days that are none", "no dose", "twice", "no step", "before the first", "the last"],
)
def test_what_is_no_stay_says_which(
    as_member: SignIn, alice: Membership, patient: Patient, rows: tuple[tuple[str, str], ...], sentence: str
) -> None:
    page = shown(draw(as_member(alice), patient, **TENS, **stays(*rows)))
    assert "No plan yet" in page
    assert sentence in page


def test_a_refused_draft_keeps_its_stays(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    answer = as_member(alice).post(url(patient), inputs(**TENS, **stays(("40", "14"), ("35", "7"))))
    assert answer.status_code == 422
    assert 'name="stay1-at" value="35"' in shown(answer)
    assert not Plan.objects.exists()


def test_they_are_saved_and_there_again_when_the_draft_is_drawn_again(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    client.post(url(patient), inputs(**TENS, **stays(("40", "14"), ("20", "7"))))
    plan = Plan.objects.get()
    assert plan.request["holds"] == [[40_000, 14], [20_000, 7]]
    page = shown(client.get(url(patient), {"from": str(plan.public_id)}))
    for name, value in stays(("40", "14"), ("20", "7")).items():
        assert f'name="{name}" value="{value}"' in page
    assert "Stays at 20 mg/day 7 days longer" in shown(
        client.get(reverse("plan", args=[patient.public_id, plan.public_id]))
    )


def test_by_hand_the_stays_are_in_the_dates(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    typed = {**TENS, **stays(("40", "14"), ("20", "7")), "way": "by_hand", "drawn_way": "equal"}
    page = shown(draw(as_member(alice), patient, **typed))
    assert 'name="row2-on" value="2026-12-14"' in page
    assert 'name="stay1-at"' not in page


@pytest.mark.parametrize("typed", ["", "x", "-1", "99999", "9" * 40], ids=["none", "a word", "less", "more", "long"])
def test_any_number_of_rows_is_bounded(as_member: SignIn, alice: Membership, patient: Patient, typed: str) -> None:
    page = shown(draw(as_member(alice), patient, **TENS, stays=typed))
    assert page.count('class="stay"') in (1, MOST_STAYS)


def test_the_list_of_stays_ends(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    page = shown(draw(as_member(alice), patient, **TENS, **stays(*[("", "7")] * MOST_STAYS), act="add_stay"))
    assert f'name="stays" value="{MOST_STAYS}"' in page

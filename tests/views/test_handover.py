"""The hand-over page: since the last clinic review, or since a day that is sent and never stands in the address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import NOW, TODAY, slow_taper
from tests.services.acts import running_plan
from titration.models import Membership, Patient
from titration.services.reviews import complete_review, plan_review

SignIn = Callable[[Membership], Client]
MOST_QUERIES = 18


def url(patient: Patient) -> str:
    return reverse("hand_over", args=[patient.public_id])


def test_it_looks_back_to_the_last_clinic_review(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    earlier = NOW - timedelta(days=10)
    review = plan_review(actor=alice, patient=patient, due_on=earlier.date(), now=earlier)
    complete_review(actor=alice, review=review, now=earlier)
    assert "Last clinic review, 3\u00a0Nov\u00a02026." in as_member(alice).get(url(patient)).content.decode()


def test_a_day_is_chosen_by_post(as_member: SignIn, bob: Membership, patient: Patient) -> None:
    answer = as_member(bob).post(url(patient), {"since": "2026-11-01"})
    assert answer.status_code == 200
    assert "As chosen, 1\u00a0Nov\u00a02026." in answer.content.decode()
    assert "2026-11-01" not in answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]


@pytest.mark.parametrize("since", ["2026-11-13", "2027-01-01", "01/11/2026", "", "x"])
def test_today_the_future_and_guesses_are_refused(
    as_member: SignIn, alice: Membership, patient: Patient, since: str
) -> None:
    answer = as_member(alice).post(url(patient), {"since": since})
    assert answer.status_code == 422
    assert "Then and now" in answer.content.decode()


def test_what_nobody_confirmed_and_the_next_steps_stand_on_it(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    running_plan(alice, patient, slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))
    shown = as_member(alice).get(url(patient)).content.decode()
    assert "Step 1, 55\u00a0mg/day since 10\u00a0Nov: not confirmed" in shown
    assert "17\u00a0Nov" in shown
    assert "24\u00a0Nov" in shown


def test_the_patient_page_leads_to_it(as_member: SignIn, bob: Membership, patient: Patient) -> None:
    assert url(patient) in as_member(bob).get(reverse("patient", args=[patient.public_id])).content.decode()


def test_its_queries_do_not_grow(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    running_plan(alice, patient)
    client = as_member(alice)
    client.get(url(patient))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(patient))
    assert len(queries) <= MOST_QUERIES, [query["sql"][:80] for query in queries]

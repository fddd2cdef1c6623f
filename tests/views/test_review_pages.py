"""Reviews: planned and done from the patient's page; refused with a sentence; counted once; nobody else's."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, make_patient, make_plan, slow_taper
from titration.models import AuditEvent, Membership, Patient, Review
from titration.permissions import SENTENCES, Action
from titration.services.reviews import plan_review

SignIn = Callable[[Membership], Client]
TYPED = {"due_on": "2026-11-20", "how": "telephone", "purpose": "Sedation after the step"}


def address(name: str, patient: Patient, *ids: object) -> str:
    return reverse(name, args=[patient.public_id, *ids])


@pytest.fixture
def review(alice: Membership, patient: Patient) -> Review:
    return plan_review(actor=alice, patient=patient, due_on=TODAY, purpose="Review at 6 weeks", now=NOW)


def test_is_planned_and_stands_in_the_plan_panel(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client = as_member(nina)
    assert f'href="{address("reviews", patient)}"' in client.get(address("patient", patient)).content.decode()
    response = client.post(address("reviews", patient), {"key": uuid4(), **TYPED})
    assert response.status_code == 302
    shown = client.get(response.url).content.decode()
    assert "by telephone: Sedation after the step" in shown
    assert "Due 20\u00a0Nov\u00a02026. By telephone." in client.get(address("reviews", patient)).content.decode()


def test_once_done_it_leaves_the_worklist(
    as_member: SignIn, nina: Membership, patient: Patient, review: Review
) -> None:
    client = as_member(nina)
    worklist = reverse("worklist") + "?show=reviews"
    assert "Review at 6 weeks" in client.get(worklist).content.decode()
    done = address("review_done", patient, review.public_id)
    assert client.post(done, {"key": uuid4(), "done_on": "2026-11-12"}).status_code == 302
    review.refresh_from_db()
    assert (review.done_on, review.done_by) == (TODAY - timedelta(days=1), nina.user)
    assert "Review at 6 weeks" not in client.get(worklist).content.decode()
    shown = client.get(address("reviews", patient)).content.decode()
    assert "No review is planned." in shown
    assert "Done 12\u00a0Nov\u00a02026, was due 13\u00a0Nov\u00a02026. In the clinic." in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"due_on": ""}, "Fill this in."),
        ({"due_on": "20/11/2026"}, "Write the date as year-month-day"),
        ({"due_on": "2026-11-12"}, "Choose a review date that is today or later."),
        ({"how": "letter"}, "letter is not one of the available choices"),
        ({"purpose": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_refused_says_what_to_do_and_keeps_what_was_typed(
    as_member: SignIn, nina: Membership, patient: Patient, typed: dict[str, str], sentence: str
) -> None:
    response = as_member(nina).post(address("reviews", patient), {"key": uuid4(), **TYPED, **typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert f'value="{(TYPED | typed)["purpose"]}"' in response.content.decode()
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("2026-11-14", "choose a date that is not in the future"), ("12.11.2026", "Write the date as year-month-day")],
)
def test_a_day_that_cannot_be_keeps_the_review_open(
    as_member: SignIn, nina: Membership, patient: Patient, review: Review, typed: str, sentence: str
) -> None:
    done = address("review_done", patient, review.public_id)
    response = as_member(nina).post(done, {"key": uuid4(), "done_on": typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert f'value="{typed}"' in response.content.decode()
    review.refresh_from_db()
    assert review.done_on is None


def test_a_double_click_plans_one_and_is_done_once(as_member: SignIn, nina: Membership, patient: Patient) -> None:
    client, key, other = as_member(nina), uuid4(), uuid4()
    planned = [client.post(address("reviews", patient), {"key": key, **TYPED}).status_code for _ in range(2)]
    done = address("review_done", patient, Review.objects.get().public_id)
    answers = [client.post(done, {"key": other, "done_on": "2026-11-13"}).status_code for _ in range(2)]
    assert planned + answers == [302] * 4
    assert AuditEvent.objects.filter(action="review.done").count() == 1


def test_two_people_do_one_review(
    as_member: SignIn, nina: Membership, paul: Membership, patient: Patient, review: Review
) -> None:
    done = address("review_done", patient, review.public_id)
    as_member(nina).post(done, {"key": uuid4(), "done_on": "2026-11-12"})
    second = as_member(paul).post(done, {"key": uuid4(), "done_on": "2026-11-13"})
    assert second.status_code == 409
    assert "Somebody changed this meanwhile" in second.content.decode()
    assert "Done 12\u00a0Nov\u00a02026" in second.content.decode()
    review.refresh_from_db()
    assert review.done_by == nina.user


def test_a_reader_sees_why_not(as_member: SignIn, bob: Membership, patient: Patient, review: Review) -> None:
    client = as_member(bob)
    assert SENTENCES[Action.PLAN_REVIEW] in client.get(address("reviews", patient)).content.decode()
    assert client.post(address("reviews", patient), {"key": uuid4(), **TYPED}).status_code == 403
    done = address("review_done", patient, review.public_id)
    assert client.post(done, {"key": uuid4(), "done_on": "2026-11-13"}).status_code == 403


def test_another_clinic_or_patient_finds_nothing(
    as_member: SignIn, alice: Membership, charlie: Membership, patient: Patient, review: Review
) -> None:
    typed = {"key": uuid4(), "done_on": "2026-11-13"}
    assert as_member(charlie).get(address("reviews", patient)).status_code == 404
    assert as_member(charlie).post(address("reviews", patient), {"key": uuid4(), **TYPED}).status_code == 404
    assert as_member(charlie).post(address("review_done", patient, review.public_id), typed).status_code == 404
    other = make_patient(alice)
    assert as_member(alice).post(address("review_done", other, review.public_id), typed).status_code == 404


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        pytest.param(1, "Thu\u00a012\u00a0Nov, overdue, in clinic", id="yesterday"),
        pytest.param(0, "Fri\u00a013\u00a0Nov, in clinic", id="today"),
    ],
)
def test_the_page_of_a_plan_says_which_review_is_overdue(
    days_ago: int, words: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    due_on, early = TODAY - timedelta(days=days_ago), NOW - timedelta(days=7)
    plan_review(actor=alice, patient=patient, due_on=due_on, purpose="Review at 6 weeks", now=early)
    plan = make_plan(alice, patient, slow_taper())
    shown = as_member(alice).get(address("plan", patient, plan.public_id)).content.decode()
    assert words in shown

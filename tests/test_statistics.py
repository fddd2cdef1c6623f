"""How often each rule fired, how it was answered, and what followed within two weeks: counted, in three queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import critical_flag, raised_flag
from titration.domain.record import IntakeKind, SymptomList
from titration.models import Flag, Membership, Patient
from titration.selectors.statistics import RuleFigures, rule_figures
from titration.services.acceptance import accept_flag
from titration.services.drafts import IntakeDraft, SymptomsDraft
from titration.services.intake import record_intake
from titration.services.reassessment import reassess_due
from titration.services.reports import record_symptoms
from titration.views.statistics import show_wait

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def figures(member: Membership, code: str, since: Any = None) -> RuleFigures:
    return next(found for found in rule_figures(member, since) if found.code == code)


def accept(actor: Membership, flag: Flag, after: timedelta, reason: str = "supervised", comment: str = "") -> Flag:
    flag.refresh_from_db()
    return accept_flag(
        actor=actor, flag=flag, reason=reason, comment=comment, expires_on=TODAY, state_version=flag.state_version,
        now=NOW + after,
    )  # fmt: skip


def test_counts_flags_answers_and_their_reasons(alice: Membership) -> None:
    for after in (10, 30, 50):
        accept(alice, raised_flag_of(alice), after * MINUTE, comment="seen: well")
    raised_flag_of(alice)
    found = figures(alice, "W2")
    assert (found.fired, found.accepted, found.reasons) == (4, 3, {"supervised": 3})
    assert found.half_answered_in == 30 * MINUTE


def test_a_second_acceptance_is_no_answer_to_the_flag(alice: Membership, patient: Patient) -> None:
    flag = accept(alice, raised_flag(alice, patient), 10 * MINUTE)
    accept(alice, flag, 90 * MINUTE, reason="other", comment="again")
    found = figures(alice, "W2")
    assert (found.accepted, found.half_answered_in) == (2, 10 * MINUTE)
    assert found.reasons == {"supervised": 1, "other": 1}


def _facts(actor: Membership, patient: Patient) -> None:
    again = IntakeDraft(kind=IntakeKind.AS_PRESCRIBED, starts_on=TODAY)
    record_intake(actor=actor, patient=patient, report=again, now=NOW + MINUTE)


def _time(actor: Membership, patient: Patient) -> None:
    for day in range(1, 15):
        list(reassess_due(NOW + day * DAY))


def _dose(actor: Membership, patient: Patient) -> None:
    change_dose(actor, patient, regimen(15, 15, 15), now=NOW + DAY, starts_on=TODAY + DAY)


def _sign(actor: Membership, patient: Patient) -> None:
    report = SymptomsDraft(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=("insomnia",), onset_on=TODAY)
    record_symptoms(actor=actor, patient=patient, report=report, now=NOW + DAY)


def _effect(actor: Membership, patient: Patient) -> None:
    report = SymptomsDraft(symptom_list=SymptomList.ADVERSE_EFFECT, codes=("nausea",), onset_on=TODAY)
    record_symptoms(actor=actor, patient=patient, report=report, now=NOW + DAY)


def _late_sign(actor: Membership, patient: Patient) -> None:
    report = SymptomsDraft(symptom_list=SymptomList.WITHDRAWAL_SIGN, codes=("insomnia",), onset_on=TODAY)
    record_symptoms(actor=actor, patient=patient, report=report, now=NOW + 14 * DAY + MINUTE)


@pytest.mark.parametrize(
    ("follow", "expected"),
    [
        pytest.param(_facts, {"by_facts": 1}, id="facts end it"),
        pytest.param(_time, {"unanswered": 1}, id="time passes it by"),
        pytest.param(_dose, {"dose_changed": 1}, id="the dose is changed"),
        pytest.param(_sign, {"signs_reported": 1}, id="a withdrawal sign is reported"),
        pytest.param(_effect, {}, id="a side effect is no withdrawal sign"),
        pytest.param(_late_sign, {}, id="a day too late"),
    ],
)
def test_counts_what_followed(
    follow: Callable[[Membership, Patient], None], expected: dict[str, int], alice: Membership, patient: Patient
) -> None:
    critical_flag(alice, patient)
    follow(alice, patient)
    found = figures(alice, "W1")
    names = ("by_facts", "by_time", "unanswered", "raised_again", "dose_changed", "signs_reported")
    counted = {name: getattr(found, name) for name in names if getattr(found, name)}
    assert {name: counted.get(name) for name in expected} == expected
    if not expected:
        assert counted.get("signs_reported") is None


def test_a_caution_that_time_ends_is_told_from_facts(alice: Membership, patient: Patient) -> None:
    raised_flag(alice, patient)
    _time(alice, patient)
    found = figures(alice, "W2")
    assert (found.by_time, found.by_facts, found.unanswered) == (1, 0, 0)


def test_an_expired_answer_is_raised_again(alice: Membership, patient: Patient) -> None:
    accept(alice, critical_flag(alice, patient), MINUTE)
    list(reassess_due(NOW + DAY))
    found = figures(alice, "W1")
    assert (found.fired, found.raised_again) == (2, 1)


def test_counts_since_a_day_and_in_this_clinic_alone(alice: Membership, charlie: Membership, patient: Patient) -> None:
    raised_flag(alice, patient)
    assert rule_figures(alice, NOW + MINUTE) == []
    assert rule_figures(charlie, None) == []


def test_asks_the_same_number_of_queries_however_much_there_is(
    alice: Membership, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _ in range(5):
        accept(alice, raised_flag_of(alice), MINUTE)
    with django_assert_num_queries(3):
        rule_figures(alice, None)


def raised_flag_of(alice: Membership) -> Flag:
    patient = make_patient(alice)
    change_dose(alice, patient, regimen(20, 20))
    return Flag.objects.get(patient=patient, code="W2")


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (30 * MINUTE, "30\u00a0min"),
        (119 * MINUTE, "119\u00a0min"),
        (120 * MINUTE, "2\u00a0h"),
        (2 * DAY, "2\u00a0days"),
    ],
)
def test_shows_a_wait(waited: timedelta, words: str) -> None:
    assert show_wait(waited) == words


@pytest.fixture
def reader(bob: Membership, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + DAY)
    client = Client()
    client.force_login(bob.user, backend="titration.membership.MembershipBackend")
    return client


def test_the_page_shows_the_words_of_rule_and_reason(reader: Client, alice: Membership, patient: Patient) -> None:
    accept(alice, raised_flag(alice, patient), 10 * MINUTE)
    page = reader.get(reverse("statistics")).content.decode()
    assert "Supervised closely, for example in hospital: 1" in page
    assert "10\u00a0min" in page
    assert reverse("rule", args=["W2"]) in page
    assert '<p class="meta figures-note">What followed' in page


@pytest.mark.parametrize("period", ["90", "365", "all", "x", "90'--"])
def test_an_empty_clinic_is_no_proof_of_safety(period: str, reader: Client) -> None:
    response = reader.get(reverse("statistics"), {"period": period})
    assert response.status_code == 200
    assert "No rule fired in this time" in response.content.decode()

"""A reason is given to findings that were read: where others stand when it is saved, nothing is saved."""

from dataclasses import replace

import pytest

from tests.factories import NOW, TODAY, change_dose, make_plan, quick_taper, regimen
from tests.services.acts import ANSWER
from titration.domain.guidance import load_guidance
from titration.domain.judging import judge_plan
from titration.models import Membership, Patient, RegimenChange
from titration.selectors import patient_record
from titration.services.answers import digest_of
from titration.services.conditions import record_condition
from titration.services.doses import judge_dose_change
from titration.services.drafts import CriticalAnswer
from titration.services.errors import AnswerNeeded
from titration.services.plans import sign_plan


def answer_for_plan(patient: Patient) -> CriticalAnswer:
    judged = judge_plan(patient_record(patient, NOW), quick_taper(), today=TODAY, guidance=load_guidance())
    return replace(ANSWER, answered_for=digest_of(judged.answers))


def answer_for_stop(patient: Patient) -> CriticalAnswer:
    judged = judge_dose_change(patient_record(patient, NOW), starts_on=TODAY, regimen=regimen(0), today=TODAY, now=NOW)
    return replace(ANSWER, answered_for=digest_of(judged.answers))


def test_a_plan_is_signed_with_an_answer_to_what_was_shown(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, quick_taper())
    assert sign_plan(actor=alice, plan=plan, state_version=0, answer=answer_for_plan(patient), now=NOW).signed_at


@pytest.mark.parametrize("digest", [None, "", "0" * 64], ids=["of what stood before", "none", "of something else"])
def test_a_plan_is_not_signed_with_an_answer_to_other_findings(
    alice: Membership, patient: Patient, digest: str | None
) -> None:
    plan, shown = make_plan(alice, patient, quick_taper()), answer_for_plan(patient)
    if digest is None:
        change_history_of(alice, patient)
    answer = shown if digest is None else replace(shown, answered_for=digest)
    with pytest.raises(AnswerNeeded):
        sign_plan(actor=alice, plan=plan, state_version=0, answer=answer, now=NOW)
    plan.refresh_from_db()
    assert plan.state == "draft"


def change_history_of(actor: Membership, patient: Patient) -> None:
    """Something that raises what falls say, between the page and its answer."""
    record_condition(actor=actor, patient=patient, code="seizure_disorder", now=NOW)


def test_a_dose_is_saved_with_an_answer_to_what_was_shown(alice: Membership, patient: Patient) -> None:
    assert change_dose(alice, patient, regimen(0), answer=answer_for_stop(patient)).answer_reason == "supervised"


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_a_dose_is_not_saved_with_an_answer_to_other_findings(alice: Membership, patient: Patient, digest: str) -> None:
    with pytest.raises(AnswerNeeded):
        change_dose(alice, patient, regimen(0), answer=replace(ANSWER, answered_for=digest))
    assert not RegimenChange.objects.filter(patient=patient, as_told=False).exists()

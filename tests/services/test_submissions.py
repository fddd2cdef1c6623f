"""A form counts once: the same again is answered with what it made, anything else is refused, for every service."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.abuse.together import done, together
from tests.factories import NOW, TODAY, change_dose, details, make_member, make_patient, make_template, regimen
from tests.services.acts import ACTS, SCORES
from tests.services.test_every_service import snapshot
from titration.domain.planning.templates import PlanTemplate
from titration.domain.products import ProductForm
from titration.models import Membership, Patient, RegimenChange, ResponseScore, SubmissionKey
from titration.selectors.plan_templates import newest_template
from titration.services.clinic_settings import change_clinic, settings_of
from titration.services.content import digest_of_content
from titration.services.corrections import mark_entered_in_error
from titration.services.drafts import FormKey, ScoresDraft
from titration.services.errors import Used, UsedAlready
from titration.services.patients import register_patient
from titration.services.people import change_member, invite
from titration.services.plan_templates import save_template
from titration.services.products import add_product, choose_products
from titration.services.reasons import add_reason, rename_reason
from titration.services.reports import record_scores

# Acts that hold no content of a form: a button, a file in the place of the one before, a paper.
WITHOUT_KEY = {
    "plan.step_confirmed": "one button; the same person's second click finds the step confirmed",
    "plan.exported": "a paper that is made anew",
    "import.uploaded": "a draft in the place of the one before",
}
KEYED = [action for action in ACTS if action not in WITHOUT_KEY]
each_keyed = pytest.mark.parametrize("action", KEYED)


def rows() -> dict[str, Any]:
    return {name: kept for name, kept in snapshot().items() if name not in ("AuditEvent", "SubmissionKey")}


def used(act: Any, key: Any) -> Used:
    with pytest.raises(UsedAlready) as refused:
        act(key=key)
    return refused.value.why


@each_keyed
def test_the_same_form_again_is_answered_with_what_it_made(action: str, alice: Membership, patient: Patient) -> None:
    act, key = ACTS[action](alice, patient), uuid4()
    first = act(key=key)
    kept = rows()
    assert act(key=key) == first
    assert rows() == kept


@each_keyed
def test_a_submission_keeps_what_it_was(action: str, alice: Membership, patient: Patient) -> None:
    act, key = ACTS[action](alice, patient), uuid4()
    act(key=key)
    claim = SubmissionKey.objects.get(key=key)
    about = None if action == "patient.registered" else patient
    assert (claim.action, claim.actor, claim.patient) == (action, alice.user, about)
    assert len(claim.digest) == 64
    assert claim.rows


@each_keyed
def test_another_person_with_the_same_key_is_refused(action: str, alice: Membership, patient: Patient) -> None:
    act, key = ACTS[action](alice, patient), uuid4()
    act(key=key)
    alice.user = make_member(alice.clinic).user
    kept = rows()
    assert used(act, key) is Used.OTHER_PERSON
    assert rows() == kept


@pytest.mark.parametrize("action", [action for action in KEYED if action != "patient.registered"])
def test_another_patient_with_the_same_key_is_refused(action: str, alice: Membership, patient: Patient) -> None:
    key, other = uuid4(), ACTS[action](alice, make_patient(alice))
    ACTS[action](alice, patient)(key=key)
    kept = rows()
    assert used(other, key) is Used.OTHER_PATIENT
    assert rows() == kept


def test_another_patient_is_told_first_also_to_another_person(alice: Membership, patient: Patient) -> None:
    key = uuid4()
    ACTS["sedation.recorded"](alice, make_patient(alice))(key=key)
    act = ACTS["sedation.recorded"](alice, patient)
    alice.user = make_member(alice.clinic).user
    assert used(act, key) is Used.OTHER_PATIENT


def test_a_registration_keeps_every_row_that_it_made(alice: Membership) -> None:
    key = uuid4()
    person = details(conditions=("stroke", "psychosis"))
    register_patient(actor=alice, details=person, regimen=regimen(10), now=NOW, key=key)
    made = [(table, role) for table, _, role in SubmissionKey.objects.get(key=key).rows]
    facts = [("patientfact", "made")] * 2
    assert made == [("patient", "answer"), ("regimenchange", "made"), *facts]


def test_a_second_person_under_the_first_ones_key_is_refused(alice: Membership) -> None:
    key = uuid4()
    register_patient(actor=alice, details=details(), regimen=regimen(10), now=NOW, key=key)
    with pytest.raises(UsedAlready, match="with other content"):
        register_patient(actor=alice, details=details(), regimen=regimen(10), now=NOW, key=key)
    assert Patient.objects.count() == 1


def test_what_no_longer_stands_is_not_answered(alice: Membership, patient: Patient) -> None:
    key = uuid4()
    row = change_dose(alice, patient, regimen(20, 20, 15), key=key)
    mark_entered_in_error(actor=alice, entry=row, reason="Another patient", now=NOW)
    assert used(lambda key: change_dose(alice, patient, regimen(20, 20, 15), key=key), key) is Used.NO_LONGER_STANDS


def test_a_refused_form_leaves_its_key_free(alice: Membership, patient: Patient) -> None:
    key, late = uuid4(), ScoresDraft(at=NOW + timedelta(days=1), values={"pain": "4"})
    with pytest.raises(Exception, match="future"):
        record_scores(actor=alice, patient=patient, report=late, now=NOW, key=key)
    assert record_scores(actor=alice, patient=patient, report=SCORES, now=NOW, key=key)


def test_a_correction_takes_the_place_of_what_the_earlier_form_made(alice: Membership, patient: Patient) -> None:
    first, second = uuid4(), FormKey(key=uuid4())
    record_scores(actor=alice, patient=patient, report=SCORES, now=NOW, key=first)
    other = ScoresDraft(at=NOW, values={"spasticity": "4"})
    key = FormKey(key=second.key, corrects=first)
    for _ in range(2):
        record_scores(actor=alice, patient=patient, report=other, now=NOW, key=key)
    stand = ResponseScore.objects.filter(status="current").values_list("scale", "value")
    assert list(stand) == [("spasticity", "4")]
    assert ResponseScore.objects.filter(status="entered_in_error").count() == 2


CLINIC_ACTS: dict[str, Any] = {
    "reason.added": lambda ada, **more: add_reason(actor=ada, words="On our ward", now=NOW, **more),
    "reason.renamed": lambda ada, **more: rename_reason(
        actor=ada, code="supervised", words="Watched", now=NOW, **more
    ),
    "products.chosen": lambda ada, **more: choose_products(actor=ada, codes=["tablet-10-halves"], now=NOW, **more),
    "product.added": lambda ada, **more: add_product(
        actor=ada, name="Ours", form=ProductForm.TABLET, strength_mcg=10_000, parts=1, volume_ul=0, source="Packet",
        now=NOW, **more,
    ),
    "clinic.changed": lambda ada, **more: change_clinic(
        actor=ada, settings=settings_of(ada.clinic).__class__(
            **{**vars_of(settings_of(ada.clinic)), "telephone": "01632 960 417", "emergency_wording": "Ring 999"}
        ), version=0, now=NOW, **more,
    ),
    "invitation.sent": lambda ada, **more: invite(
        actor=ada, email="new@clinic.example", role="nurse", is_clinic_admin=False, now=NOW, **more
    ),
    "member.changed": lambda ada, **more: change_member(
        actor=ada, member=ada, role="nurse", is_clinic_admin=True, now=NOW, **more
    ),
}  # fmt: skip


def vars_of(settings: Any) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__slots__}


@pytest.mark.parametrize("action", CLINIC_ACTS)
def test_what_an_administrator_sets_counts_once(action: str, ada: Membership) -> None:
    key = uuid4()
    first = CLINIC_ACTS[action](ada, key=key)
    kept = rows()
    assert CLINIC_ACTS[action](ada, key=key) == first
    assert rows() == kept
    assert SubmissionKey.objects.get(key=key).action == action


def test_a_template_counts_once_with_its_content(ada: Membership) -> None:
    row, key = make_template(ada), uuid4()
    seen = newest_template(ada.clinic, row.template_id)
    assert isinstance(seen, PlanTemplate)
    first = save_template(actor=ada, template=seen, now=NOW, key=key)
    assert save_template(actor=ada, template=seen, now=NOW, key=key) == first


class TestTheDigest:
    def test_it_does_not_hang_on_the_clock_nor_on_what_was_seen(self) -> None:
        said = {"note": "x", "starts_on": TODAY}
        seen = {"now": NOW, "version": 3, "state_version": 4, "key": uuid4(), "answered_for": "abc"}
        assert digest_of_content(said) == digest_of_content({**said, **seen})

    def test_it_does_not_hang_on_how_line_breaks_were_sent(self) -> None:
        assert digest_of_content({"note": "a\r\nb"}) == digest_of_content({"note": "a\nb"})

    @pytest.mark.parametrize(
        "other",
        [{"regimen": regimen(20, 20, 10)}, {"starts_on": TODAY + timedelta(days=1)}, {"note": "x "}, {"more": None}],
    )
    def test_it_hangs_on_every_value(self, other: dict[str, Any]) -> None:
        said = {"regimen": regimen(20, 20, 15), "starts_on": TODAY, "note": "x"}
        assert digest_of_content(said) != digest_of_content({**said, **other})

    def test_a_value_that_it_cannot_read_is_a_bug(self) -> None:
        with pytest.raises(TypeError, match="object"):
            digest_of_content({"what": object()})


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_the_same_form_four_times_is_one_row(self, alice: Membership, patient: Patient) -> None:
        key = uuid4()
        answers = together([lambda: change_dose(alice, patient, regimen(20, 20, 15), key=key)] * 4)
        assert len({row.pk for row in answers}) == 1
        assert RegimenChange.objects.filter(as_told=False).count() == 1

    def test_of_two_contents_one_is_stored_and_the_other_refused(self, alice: Membership, patient: Patient) -> None:
        key = uuid4()
        acts = [
            lambda mg=mg: record_scores(
                actor=alice, patient=patient, report=ScoresDraft(at=NOW, values={"pain": str(mg)}), now=NOW, key=key
            )
            for mg in (3, 4, 5)
        ]
        answers = together(acts)
        assert len(done(answers)) == ResponseScore.objects.count() == 1
        assert [each.why for each in answers if isinstance(each, UsedAlready)] == [Used.OTHER_CONTENT] * 2

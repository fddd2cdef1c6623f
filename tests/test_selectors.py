"""Reads: whose patients, how many queries, in which order, found by what."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import RAN_OUT, critical_flag, raised_flag, running_plan
from titration.domain.history import prescribed_history
from titration.models import Membership, Patient
from titration.selectors import (
    WorklistFilter,
    find_patients,
    get_entry,
    get_flag,
    get_patient,
    get_plan,
    patient_record,
    visible_patients,
    worklist,
)
from titration.selectors.search import read_birth_date
from titration.services.drafts import SedationDraft
from titration.services.intake import record_intake
from titration.services.reports import record_sedation
from titration.services.reviews import plan_review


def queries_of(read) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read()
    return len(captured)


def test_only_the_own_clinics_patients(alice: Membership, charlie: Membership, patient: Patient) -> None:
    assert list(visible_patients(alice)) == [patient]
    assert list(visible_patients(charlie)) == []
    assert list(visible_patients(None)) == []
    with pytest.raises(Http404) as other:
        get_patient(charlie, patient.public_id)
    with pytest.raises(Http404) as unknown:
        get_patient(charlie, uuid4())
    assert str(other.value) == str(unknown.value) == "There is no such page."


def test_another_patients_object_is_not_found(alice: Membership, patient: Patient) -> None:
    other = make_patient(alice)
    objects = {
        get_flag: raised_flag(alice, other),
        get_plan: make_plan(alice, other, slow_taper()),
    }
    for get, row in objects.items():
        assert get(alice, other, row.public_id) == row
        with pytest.raises(Http404):
            get(alice, patient, row.public_id)
    entry = other.regimenchanges.first()
    assert get_entry(alice, other, "dose", entry.public_id) == entry
    for kind in ("intake", "nonsense"):
        with pytest.raises(Http404):
            get_entry(alice, other, kind, entry.public_id)


def test_a_record_takes_nine_queries_however_long_it_is(alice: Membership, patient: Patient) -> None:
    few = queries_of(lambda: patient_record(patient, NOW))
    for day in range(30, 0, -1):
        change_dose(alice, patient, regimen(20, 20, 15 + day % 2), TODAY - timedelta(days=day))
        record_sedation(
            actor=alice, patient=patient, report=SedationDraft(at=NOW - timedelta(days=day), grade=1), now=NOW
        )
    running_plan(alice, patient, start=regimen(20, 20, 16))
    assert few == queries_of(lambda: patient_record(patient, NOW)) == 9


def test_a_record_is_in_the_clinics_zone(alice: Membership, patient: Patient) -> None:
    alice.clinic.time_zone = "Australia/Sydney"
    alice.clinic.save()
    fresh = get_patient(alice, patient.public_id)
    assert patient_record(fresh, NOW).regimens[0].recorded_at.utcoffset() == timedelta(hours=11)


def test_superseded_entries_stay_in_the_record(alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(20, 20, 15))
    change_dose(alice, patient, regimen(20, 15, 20))
    assert [entry.status for entry in patient_record(patient, NOW).regimens] == ["current", "superseded", "current"]


def test_the_worklist_takes_eight_queries_whatever_the_clinic(alice: Membership, patient: Patient) -> None:
    critical_flag(alice, patient)
    plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW)
    running_plan(alice, make_patient(alice), slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))
    few = queries_of(lambda: worklist(alice, NOW))
    for _ in range(6):
        other, tapering = make_patient(alice), make_patient(alice)
        critical_flag(alice, other)
        plan_review(actor=alice, patient=other, due_on=TODAY, now=NOW)
        running_plan(alice, tapering, slow_taper(TODAY - timedelta(days=3)), now=NOW - timedelta(days=4))
    assert few == queries_of(lambda: worklist(alice, NOW)) == 8


def test_the_worklist_in_its_order(alice: Membership, charlie: Membership, patient: Patient) -> None:
    stop, rouse, caution, review, step = (
        make_patient(alice, family_name=name) for name in ("Stop", "Rouse", "Slow", "Due", "Step")
    )
    critical_flag(alice, stop)
    record_sedation(actor=alice, patient=rouse, report=SedationDraft(at=NOW, grade=4), now=NOW)
    raised_flag(alice, caution)
    plan_review(actor=alice, patient=review, due_on=TODAY, purpose="Review at 6 weeks", now=NOW)
    running_plan(alice, step)
    critical_flag(charlie, make_patient(charlie))
    view = worklist(alice, NOW)
    assert [(row.kind, row.name.split(",")[0]) for row in view.rows] == [
        ("flag", "Rouse"), ("flag", "Stop"), ("flag", "Slow"), ("review", "Due"), ("step", "Step"),
    ]  # fmt: skip
    assert view.counts == {
        "all": 5,
        "critical": 2,
        "high": 0,
        "caution": 1,
        "info": 0,
        "reviews": 1,
        "steps": 1,
        "tablets": 0,
        "flags": 3,
    }
    assert view.patients == 6
    last = view.rows[-1]
    assert (last.from_mcg, last.to_mcg, last.due_on) == (60_000, 55_000, TODAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ("critical", ["Stop"]),
        ("caution", ["Slow"]),
        ("high", []),
        ("reviews", ["Stop"]),
        ("steps", []),
        ("mine", ["Slow"]),
    ],
)
def test_a_filter_shows(chosen: str, names: list[str], alice: Membership) -> None:
    stop = make_patient(alice, family_name="Stop")
    critical_flag(alice, stop)
    plan_review(actor=alice, patient=stop, due_on=TODAY, now=NOW)
    raised_flag(alice, make_patient(alice, family_name="Slow", responsible=alice))
    rows = worklist(alice, NOW, WorklistFilter(chosen)).rows
    assert [row.name.split(",")[0] for row in rows] == names


def test_a_sparkline_is_what_was_taken(alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(20, 20), TODAY - timedelta(days=10))
    record_intake(actor=alice, patient=patient, report=RAN_OUT, now=NOW)
    row = worklist(alice, NOW).rows[0]
    assert len(row.spark) == 56
    assert row.spark[-13:-10] == (60_000, 60_000, 40_000)
    assert (row.before_mcg, row.taken_mcg) == (40_000, 0)


def test_a_sparkline_remembers_a_step_from_long_ago(alice: Membership) -> None:
    then = NOW - timedelta(days=400)
    patient = make_patient(alice, since=then.date() - timedelta(days=60), now=then)
    running_plan(alice, patient, [(then.date(), regimen(20, 20, 15))], now=then)
    plan_review(actor=alice, patient=patient, due_on=TODAY, now=NOW)
    row = worklist(alice, NOW).rows[-1]
    assert set(row.spark) == {55_000}
    assert prescribed_history(patient_record(patient, NOW)).on(TODAY.toordinal()) == 55_000


@pytest.mark.parametrize(
    "text",
    [
        "ash",
        "ASHDOWN",
        "marg",
        "ashdown, marg",
        "margaret ash",
        "sp-77",
        "1968-03-12",
        "12 mar 1968",
        "12 March 1968",
        "12/03/1968",
        "12.3.1968",
        "7700",
        "700",
        " Ash ",
    ],
)
def test_finds_by(text: str, alice: Membership) -> None:
    patient = make_patient(alice, identifier="SP-7700")
    make_patient(alice, family_name="Zola", given_name="Xavier", birth_date=date(1970, 1, 1), identifier="ZZ-1")
    assert find_patients(alice, text) == [patient]


@pytest.mark.parametrize(
    "text", ["", "  ", "%", "_", "\x00", "hdown", "03/12/1968", "12/13/1968", "00", "'; DROP TABLE"]
)
def test_finds_nothing_by(text: str, alice: Membership, patient: Patient) -> None:
    assert find_patients(alice, text) == []


def test_finds_accents_without_them(alice: Membership) -> None:
    patient = make_patient(alice, family_name="Müller-Łoś", given_name="Zoë")
    assert find_patients(alice, "muller zoe"[:6]) == [patient]


def test_finds_nobody_elsewhere(charlie: Membership, patient: Patient) -> None:
    assert find_patients(charlie, "ash") == []


def test_shows_at_most_twenty(alice: Membership) -> None:
    for _ in range(21):
        make_patient(alice)
    assert len(find_patients(alice, "ash")) == 20


@pytest.mark.parametrize(
    "key", ["1968-13-01", "30 feb 1968", "12/13/1968", "12.03-1968", "12/03/68", "12 xyz 1968", "1968"]
)
def test_never_guesses_a_birth_date(key: str) -> None:
    assert read_birth_date(key) is None


@pytest.mark.parametrize("key", ["02/03/1968", "2.3.1968", "02-03-1968"])
def test_reads_a_birth_date_in_digits_with_the_day_first(key: str) -> None:
    assert read_birth_date(key) == date(1968, 3, 2)


def test_digits_that_begin_one_identifier_and_end_another_find_both(alice: Membership) -> None:
    begins, ends = make_patient(alice, identifier="417000"), make_patient(alice, identifier="XX-0417")
    assert find_patients(alice, "417") == [begins, ends]


def test_last_digits_find_nobody_elsewhere(alice: Membership, charlie: Membership) -> None:
    make_patient(alice, identifier="XX-0417")
    assert find_patients(charlie, "0417") == []


@pytest.mark.parametrize("column", ["family_key", "given_key", "identifier_key"])
def test_a_search_uses_its_index(column: str, alice: Membership, patient: Patient) -> None:
    _fill(alice, patient)
    found = visible_patients(alice).filter(**{f"{column}__begins": "ash"})
    assert f"patient_by_{column}" in found.explain()


def _fill(member: Membership, like: Patient) -> None:
    """Two thousand others, so that a planner has a reason to use an index."""
    who = {"clinic": member.clinic, "registered_by": member.user, "registered_at": NOW, "birth_date": like.birth_date}
    names = [f"{number * 7919 % 2000:04}" for number in range(2000)]
    Patient.objects.bulk_create(
        Patient(family_key=name, given_key=name, identifier_key=name, identifier=name, **who) for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

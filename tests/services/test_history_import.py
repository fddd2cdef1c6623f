"""A history out of a file: all rows or none, marked as imported, undone in one act; a flag only for what stands now."""

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, make_patient, make_plan, regimen, slow_taper
from tests.services.acts import ANSWER, CHOICES, HISTORY, RAN_OUT, imported_history, uploaded_history
from titration.domain.assess import marks
from titration.domain.case import case_from
from titration.domain.errors import DomainError
from titration.domain.guidance import load_guidance
from titration.domain.timeline import timeline
from titration.imports.checks import DosesAre
from titration.imports.rows import DateOrder
from titration.models import (
    AuditEvent,
    Flag,
    HistoryImport,
    IntakeReport,
    Membership,
    Patient,
    RegimenChange,
    ResponseScore,
    SedationReport,
    SymptomReport,
)
from titration.permissions import PermissionRefused
from titration.selectors import patient_record
from titration.services.corrections import mark_entered_in_error
from titration.services.errors import Conflict
from titration.services.expiry import expire_import_drafts
from titration.services.history_import import Choices, _import, _worked_out, import_history, undo_import
from titration.services.intake import record_intake
from titration.services.plans import sign_plan

REPORTS = (
    b"date,time,total,sedation,spasticity,ashworth,effects,severity,signs,note\n"
    b"2026-06-01,08:30,30,2,7,1+,Drowsiness,mild,,=1+1\n"
    b"2026-06-03,,40,,,,,,Seizure,\n"
)
REPORT_COLUMNS = (
    "date", "time", "daily", "sedation", "spasticity", "ashworth", "effects", "effect_severity", "signs", "note",
)  # fmt: skip


def choices(doses_are: DosesAre = DosesAre.TAKEN_FROM, columns: tuple[str, ...] = REPORT_COLUMNS) -> Choices:
    return Choices(columns=columns, order=DateOrder.ISO, doses_are=doses_are)


def bring_in(actor: Membership, patient: Patient, content: bytes, chosen: Choices, **how: Any) -> HistoryImport:
    draft = uploaded_history(actor, patient, content)
    return import_history(actor=actor, draft=draft, choices=chosen, **{"now": NOW, **how})


def doses_of(patient: Patient) -> list[tuple[date, int]]:
    rows = RegimenChange.objects.filter(patient=patient, status="current").order_by("starts_on")
    return [(row.starts_on, row.regimen.daily_mcg) for row in rows]


def test_prescribed_doses_join_the_record_before_what_was_told(alice: Membership, patient: Patient) -> None:
    imported_history(alice, patient)
    told = (TODAY - timedelta(days=60), 60_000)
    assert doses_of(patient) == [(date(2026, 6, 1), 20_000), (date(2026, 7, 1), 15_000), told]
    row = RegimenChange.objects.get(starts_on=date(2026, 6, 1))
    assert (row.note, row.backdate_reason, row.recorded_by) == ("Imported, row 2.", "Imported from a file", alice.user)


def test_reports_of_every_kind(alice: Membership, patient: Patient) -> None:
    made = bring_in(alice, patient, REPORTS, choices())
    first, second = IntakeReport.objects.order_by("starts_on")
    assert (first.starts_on, first.ends_on, first.daily_mcg) == (date(2026, 6, 1), date(2026, 6, 2), 30_000)
    assert second.ends_on == TODAY - timedelta(days=61), "until the day before the first dose on file"
    assert SedationReport.objects.get().at.isoformat() == "2026-06-01T07:30:00+00:00"
    assert {score.scale: score.value for score in ResponseScore.objects.all()} == {"spasticity": "7", "ashworth": "1+"}
    symptoms = {each.code: (each.severity, each.onset_on, each.ended_on) for each in SymptomReport.objects.all()}
    assert symptoms["drowsiness"] == ("mild", date(2026, 6, 1), date(2026, 6, 1))
    assert symptoms["seizure"] == ("severe", date(2026, 6, 3), date(2026, 6, 3))
    assert {kind: len(ids) for kind, ids in made.entry_ids.items()} == {
        "intakes": 2, "sedations": 1, "symptoms": 2, "scores": 2,
    }  # fmt: skip
    assert made.cells == []


def test_the_time_line_says_imported(alice: Membership, patient: Patient) -> None:
    bring_in(alice, patient, REPORTS, choices())
    notes = [item.note for item in timeline(patient_record(patient, NOW)).items if "Imported" in item.note]
    assert "Imported, row 2. =1+1" in notes
    assert "Imported, row 3." in notes


def test_a_diary_counts_on_its_days_alone(alice: Membership, patient: Patient) -> None:
    bring_in(alice, patient, REPORTS, choices(DosesAre.TAKEN_ON))
    assert [(row.starts_on, row.ends_on) for row in IntakeReport.objects.order_by("starts_on")] == [
        (date(2026, 6, 1), date(2026, 6, 1)), (date(2026, 6, 3), date(2026, 6, 3)),
    ]  # fmt: skip


def test_the_past_becomes_marks_and_raises_no_flag(alice: Membership, patient: Patient) -> None:
    content = b"date,daily\n2026-01-01,60\n2026-05-01,0\n2026-06-01,60\n"
    bring_in(alice, patient, content, choices(columns=("date", "daily")))
    assert not Flag.objects.filter(patient=patient).exists()
    found = marks(case_from(patient_record(patient, NOW), TODAY), load_guidance(), date(2026, 1, 1))
    assert ("W1", date(2026, 5, 1)) in {(mark.code, mark.since) for mark in found}


def test_what_stands_now_becomes_a_flag(alice: Membership, patient: Patient) -> None:
    content = f"date,daily\n{TODAY},0\n".encode()
    bring_in(alice, patient, content, choices(columns=("date", "daily")))
    assert Flag.objects.get(patient=patient).code == "W1"


@pytest.mark.parametrize(("mg", "severity"), [(0, "critical"), (30, "high")])
def test_a_prescription_that_must_be_answered_today_is_recorded_by_hand(
    mg: int, severity: str, alice: Membership, patient: Patient
) -> None:
    content = f"date,morning\n{TODAY},{mg}\n".encode()
    with pytest.raises(DomainError, match=f"a {severity} finding today.*record it by hand, where it is answered"):
        bring_in(alice, patient, content, choices(DosesAre.PRESCRIBED, ("date", "morning")))
    assert len(doses_of(patient)) == 1


def test_a_prescription_of_caution_today_is_imported(alice: Membership, patient: Patient) -> None:
    content = f"date,morning\n{TODAY},45\n".encode()
    assert bring_in(alice, patient, content, choices(DosesAre.PRESCRIBED, ("date", "morning"))).row_count == 1


def test_a_report_beside_the_doses_is_imported_however_grave(alice: Membership, patient: Patient) -> None:
    content = f"date,morning,sedation\n2026-06-01,60,\n{TODAY},,4\n".encode()
    assert bring_in(alice, patient, content, choices(DosesAre.PRESCRIBED, ("date", "morning", "sedation")))
    assert Flag.objects.get(patient=patient, code="S1").severity == "critical"


@pytest.mark.parametrize(
    ("content", "doses_are", "words"),
    [
        pytest.param("2026-11-14,10", DosesAre.TAKEN_ON, "Row 2: it is in the future", id="tomorrow"),
        pytest.param("1960-01-01,10", DosesAre.TAKEN_ON, "before the patient was born", id="before birth"),
        pytest.param("2026-06-01,1_0", DosesAre.TAKEN_ON, "Row 2, column “dose”", id="no dose"),
        pytest.param("2026-06-01,10\n2026-06-01,20", DosesAre.TAKEN_ON, "Row 3: row 2 has doses", id="one date twice"),
        pytest.param("2026-06-01,200.1", DosesAre.PRESCRIBED, "above the ceiling", id="above the ceiling"),
        pytest.param("2026-09-14,10", DosesAre.PRESCRIBED, "is on file for this date", id="a dose on file"),
        pytest.param("2026-11-10,10", DosesAre.TAKEN_ON, "of what was taken is on file", id="a report on file"),
    ],
)
def test_one_bad_row_costs_nothing_and_is_named(
    content: str, doses_are: DosesAre, words: str, alice: Membership, patient: Patient
) -> None:
    report = RAN_OUT.__class__(kind=RAN_OUT.kind, starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 11))
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    before = doses_of(patient), IntakeReport.objects.count()
    column = "morning" if doses_are is DosesAre.PRESCRIBED else "daily"
    table = f"day,dose\n{content}\n2026-05-01,10\n".encode()
    with pytest.raises(DomainError, match=words):
        bring_in(alice, patient, table, choices(doses_are, ("date", column)))
    assert (doses_of(patient), IntakeReport.objects.count()) == before
    assert HistoryImport.objects.get().state == "draft"


def test_a_daily_total_is_no_prescription(alice: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match="a daily total alone is no prescription"):
        bring_in(alice, patient, REPORTS, choices(DosesAre.PRESCRIBED))


def test_a_plans_time_is_not_rewritten(alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, slow_taper(TODAY))
    sign_plan(actor=alice, plan=plan, answer=ANSWER, state_version=0, now=NOW)
    content = f"date,morning\n{TODAY},20\n".encode()
    with pytest.raises(DomainError, match="a plan runs on this date"):
        bring_in(alice, patient, content, choices(DosesAre.PRESCRIBED, ("date", "morning")))


def test_a_bad_file_leaves_nothing(alice: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError, match="Row 2"):
        uploaded_history(alice, patient, b"date,daily\n2026-06-01,10,11\n")
    assert not HistoryImport.objects.exists()
    assert AuditEvent.objects.latest("pk").detail["attempt"] == "import.uploaded"


def test_a_second_upload_takes_the_place_of_the_first(alice: Membership, nina: Membership, patient: Patient) -> None:
    others = uploaded_history(nina, patient)
    uploaded_history(alice, patient)
    second = uploaded_history(alice, patient)
    assert set(HistoryImport.objects.values_list("pk", flat=True)) == {others.pk, second.pk}


def test_a_second_submit_of_one_form_imports_once(alice: Membership, patient: Patient) -> None:
    draft, key = uploaded_history(alice, patient), uuid4()
    first, second = (import_history(actor=alice, draft=draft, choices=CHOICES, now=NOW, key=key) for _ in range(2))
    assert first == second
    assert len(doses_of(patient)) == 3


def test_a_draft_is_imported_once(alice: Membership, patient: Patient) -> None:
    draft = uploaded_history(alice, patient, REPORTS)
    import_history(actor=alice, draft=draft, choices=choices(DosesAre.TAKEN_ON), now=NOW)
    HistoryImport.objects.filter(pk=draft.pk).update(cells=[[2, ["2026-05-01", *[""] * 9]]])
    with pytest.raises((Conflict, DomainError)):
        import_history(actor=alice, draft=draft, choices=choices(DosesAre.TAKEN_ON), now=NOW)


def test_a_nurse_imports_reports_and_no_prescription(nina: Membership, patient: Patient) -> None:
    assert bring_in(nina, patient, REPORTS, choices()).state == "imported"
    with pytest.raises(PermissionRefused, match="Only a clinician prescribes"):
        bring_in(nina, patient, HISTORY, CHOICES)


def test_is_undone_in_one_act(alice: Membership, patient: Patient) -> None:
    content = f"date,daily,pain\n{TODAY},0,7\n".encode()
    made = bring_in(alice, patient, content, choices(columns=("date", "daily", "pain")))
    flag = Flag.objects.get(patient=patient)
    undone = undo_import(actor=alice, made=made, reason="Another patient's file", now=NOW + timedelta(hours=1))
    assert (undone.state, undone.undo_reason, undone.undone_by) == ("undone", "Another patient's file", alice.user)
    for row in (IntakeReport.objects.get(), ResponseScore.objects.get()):
        assert (row.status, row.status_reason) == ("entered_in_error", "Another patient's file")
    flag.refresh_from_db()
    assert flag.state == "corrected"
    assert AuditEvent.objects.filter(action="history.import_undone").get().detail == {"intakes": 1, "scores": 1}


def test_undoing_leaves_what_was_corrected_before(alice: Membership, patient: Patient) -> None:
    made = imported_history(alice, patient)
    entry = RegimenChange.objects.get(starts_on=date(2026, 6, 1))
    mark_entered_in_error(actor=alice, entry=entry, reason="Typing error", now=NOW)
    undo_import(actor=alice, made=made, reason="Another patient's file", now=NOW)
    reasons = (
        RegimenChange.objects.filter(patient=patient).order_by("starts_on").values_list("status_reason", flat=True)
    )
    assert list(reasons) == ["Typing error", "Another patient's file", ""]
    assert doses_of(patient) == [(TODAY - timedelta(days=60), regimen(20, 20, 20).daily_mcg)]


def test_is_undone_once_and_with_a_reason(alice: Membership, nina: Membership, patient: Patient) -> None:
    made = imported_history(alice, patient)
    with pytest.raises(DomainError, match="what is wrong with this import"):
        undo_import(actor=alice, made=made, reason=" ", now=NOW)
    with pytest.raises(PermissionRefused, match="Only a clinician"):
        undo_import(actor=nina, made=made, reason="x", now=NOW)
    undo_import(actor=alice, made=made, reason="x", now=NOW)
    with pytest.raises(Conflict):
        undo_import(actor=alice, made=made, reason="x", now=NOW)


def test_the_audit_names_counts_and_no_words(alice: Membership, patient: Patient) -> None:
    bring_in(alice, patient, REPORTS.replace(b"=1+1", b"canary words"), choices())
    details = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert "canary" not in details
    assert AuditEvent.objects.filter(action="history.imported").get().detail["intakes"] == 2


def test_imports_ten_thousand_rows(alice: Membership, django_assert_max_num_queries: Any) -> None:
    patient = make_patient(alice)
    first = date(1999, 1, 1)
    lines = "".join(f"{first + timedelta(days=day)},{20 + day % 3},{day % 11}\n" for day in range(10_000))
    with django_assert_max_num_queries(250):
        bring_in(alice, patient, f"date,daily,pain\n{lines}".encode(), choices(columns=("date", "daily", "pain")))
    assert (IntakeReport.objects.count(), ResponseScore.objects.count()) == (10_000, 10_000)


def test_an_abandoned_draft_expires_after_a_week(alice: Membership, patient: Patient) -> None:
    draft = uploaded_history(alice, patient)
    made = imported_history(alice, make_patient(alice))
    assert expire_import_drafts(NOW + timedelta(days=7)) == 0
    assert expire_import_drafts(NOW + timedelta(days=7, seconds=1)) == 1
    assert not HistoryImport.objects.filter(pk=draft.pk).exists()
    assert HistoryImport.objects.filter(pk=made.pk).exists()
    assert AuditEvent.objects.get(action="import.drafts_expired").detail == {"drafts": 1}


def test_what_was_entered_while_the_import_was_worked_out_is_judged_again(alice: Membership, patient: Patient) -> None:
    """The rows are judged before the transaction: a report that came in between stands in the way all the same."""
    draft = uploaded_history(alice, patient, REPORTS)
    ahead = _worked_out(patient_record(patient, NOW), draft, choices(DosesAre.TAKEN_ON), alice, NOW)
    day = date(2026, 6, 1)
    record_intake(
        actor=alice, patient=patient, report=RAN_OUT.__class__(kind=RAN_OUT.kind, starts_on=day, ends_on=day), now=NOW
    )
    with pytest.raises(DomainError, match="is on file"):
        _import(actor=alice, draft=draft, choices=choices(DosesAre.TAKEN_ON), now=NOW, key=None, ahead=ahead)
    assert IntakeReport.objects.count() == 1


class Watched(bytes):
    """A file that notes whether a transaction is open while it is read."""

    seen: ClassVar[list[bool]] = []

    def startswith(self, *beginnings: Any) -> bool:
        Watched.seen.append(connection.in_atomic_block)
        return super().startswith(*beginnings)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_file_is_read(alice: Membership, patient: Patient) -> None:
    uploaded_history(alice, patient, Watched(HISTORY))
    assert Watched.seen
    assert not any(Watched.seen)


def test_who_may_not_record_has_no_file_read(bob: Membership, patient: Patient) -> None:
    Watched.seen.clear()
    with pytest.raises(PermissionRefused):
        uploaded_history(bob, patient, Watched(HISTORY))
    assert Watched.seen == []

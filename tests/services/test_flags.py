"""A flag's life: raised, accepted, raised again, ended by facts, by time, by correction."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import NOW, TODAY, change_dose, make_patient, regimen
from tests.services.acts import RAN_OUT, SEDATION, critical_flag, raised_flag, running_plan
from titration.domain.errors import DomainError
from titration.domain.findings import Severity
from titration.domain.record import IntakeKind
from titration.models import Flag, FlagEvent, Membership, Patient, RegimenChange
from titration.permissions import PermissionRefused
from titration.selectors import worklist
from titration.services.acceptance import accept_flag, log_contact
from titration.services.corrections import mark_entered_in_error
from titration.services.drafts import IntakeDraft, SedationDraft
from titration.services.errors import Conflict
from titration.services.flags import refresh_flags
from titration.services.intake import record_intake
from titration.services.kidney import record_kidney_reading
from titration.services.reassessment import patients_due, reassess_due
from titration.services.reports import record_sedation

TAKES_20 = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=TODAY, daily_mcg=20_000)


def accept(actor: Membership, flag: Flag, *, until: date = TODAY + timedelta(days=2), **changes: Any) -> Flag:
    usual = {"reason": "supervised", "comment": "", "state_version": flag.state_version, "now": NOW}
    return accept_flag(actor=actor, flag=flag, expires_on=until, **{**usual, **changes})


def pass_time(days: int) -> None:
    """The command's rounds, day by day."""
    for day in range(1, days + 1):
        list(reassess_due(NOW + timedelta(days=day)))


def kinds(flag: Flag) -> list[str]:
    return list(FlagEvent.objects.filter(flag=flag).order_by("pk").values_list("kind", flat=True))


def test_keeps_the_words_as_shown(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    assert (flag.severity, flag.state, flag.episode_on) == ("critical", "open", TODAY)
    assert flag.title
    assert flag.shown["why"]
    assert flag.shown["evidence"]
    assert flag.shown["thresholds"]
    assert kinds(flag) == ["raised"]


def test_a_second_refresh_changes_nothing(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    refresh_flags(patient=patient, now=NOW, actor=alice)
    assert Flag.objects.get(pk=flag.pk).state_version == flag.state_version
    assert kinds(flag) == ["raised"]


def test_info_never_becomes_a_flag(alice: Membership) -> None:
    patient = make_patient(alice, takes=regimen(30, 30, 30))
    record_sedation(actor=alice, patient=patient, report=SEDATION, now=NOW)
    assert not Flag.objects.filter(severity="info").exists()


def test_facts_resolve_it(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    again = IntakeDraft(kind=IntakeKind.AS_PRESCRIBED, starts_on=TODAY)
    record_intake(actor=alice, patient=patient, report=again, now=NOW + timedelta(hours=1))
    flag.refresh_from_db()
    assert (flag.state, kinds(flag)[-1]) == ("resolved", "resolved")


def test_a_correction_resolves_it_as_corrected(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    entry = patient.intakereports.get()
    mark_entered_in_error(actor=alice, entry=entry, reason="Wrong patient", now=NOW)
    flag.refresh_from_db()
    assert flag.state == "corrected"
    entry.refresh_from_db()
    assert (entry.status, entry.status_reason, entry.status_by) == ("entered_in_error", "Wrong patient", alice.user)


def test_a_correction_of_something_else_leaves_it(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    sedation = record_sedation(actor=alice, patient=patient, report=SEDATION, now=NOW)
    mark_entered_in_error(actor=alice, entry=sedation, reason="Typing error", now=NOW)
    flag.refresh_from_db()
    assert flag.state == "open"


def test_time_alone_never_takes_an_unanswered_high_flag_off_the_worklist(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    pass_time(20)
    flag.refresh_from_db()
    assert flag.state == "past_unanswered"
    row = worklist(alice, NOW + timedelta(days=20)).rows[0]
    assert (row.flag_id, row.is_past) == (flag.public_id, True)


def test_a_past_flag_stays_until_it_is_answered(alice: Membership, patient: Patient) -> None:
    flag = critical_flag(alice, patient)
    pass_time(20)
    later = NOW + timedelta(days=20)
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=later, grade=0), now=later)
    flag.refresh_from_db()
    assert flag.state == "past_unanswered"
    accept(alice, flag, until=later.date(), now=later)
    flag.refresh_from_db()
    assert (flag.state, flag.accepted_by) == ("resolved", alice.user)


def test_a_caution_ends_with_time(alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    pass_time(20)
    flag.refresh_from_db()
    assert flag.state == "resolved"


def test_an_answered_flag_ends_with_time(alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(10, 10))
    flag = Flag.objects.get(code="W2", severity="high", state="accepted")
    pass_time(20)
    flag.refresh_from_db()
    assert (flag.state, kinds(flag)) == ("resolved", ["raised", "accepted", "lapsed"])


def test_expiry_raises_it_again(alice: Membership, patient: Patient) -> None:
    flag = accept(alice, critical_flag(alice, patient), until=TODAY)
    assert flag.state == "accepted"
    pass_time(1)
    flag.refresh_from_db()
    assert flag.state == "open"
    assert kinds(flag) == ["raised", "accepted", "expired", "raised_again"]
    assert flag.accepted_by is None


def test_an_accepted_flag_is_quiet_while_nothing_changes(alice: Membership, patient: Patient) -> None:
    flag = accept(alice, critical_flag(alice, patient))
    record_sedation(actor=alice, patient=patient, report=SEDATION, now=NOW)
    flag.refresh_from_db()
    assert flag.state == "accepted"
    assert worklist(alice, NOW).rows == ()


def test_another_fingerprint_raises_it_again(alice: Membership, patient: Patient) -> None:
    flag = accept(alice, raised_flag(alice, patient))
    record_intake(actor=alice, patient=patient, report=TAKES_20, now=NOW + timedelta(hours=1))
    flag.refresh_from_db()
    assert (flag.state, flag.severity) == ("open", "high")
    assert kinds(flag)[-1] == "raised_again"


def test_an_open_flag_worsens(alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    record_intake(actor=alice, patient=patient, report=TAKES_20, now=NOW + timedelta(hours=1))
    flag.refresh_from_db()
    assert (flag.severity, kinds(flag)) == ("high", ["raised", "worsened"])


def above_120(actor: Membership, mg: int) -> tuple[Patient, Flag]:
    patient = make_patient(actor, takes=regimen(40, 40, 35))
    change_dose(actor, patient, regimen(mg), now=NOW)
    return patient, Flag.objects.get(patient=patient, code="T2", severity="high")


def test_a_dose_of_the_same_band_leaves_an_accepted_flag_alone(alice: Membership) -> None:
    patient, flag = above_120(alice, 125)
    change_dose(alice, patient, regimen(130), now=NOW + timedelta(hours=1), answer=None)
    flag.refresh_from_db()
    assert (flag.state, kinds(flag)) == ("accepted", ["raised", "accepted"])


def test_a_dose_of_the_next_band_raises_it_again(alice: Membership) -> None:
    patient, _ = above_120(alice, 175)
    change_dose(alice, patient, regimen(185), now=NOW + timedelta(hours=1))
    flag = Flag.objects.get(patient=patient, code="T2", severity="high")
    assert flag.title.startswith("Very high dose: 185")
    assert kinds(flag) == ["raised", "accepted", "raised_again", "accepted"]


def test_a_lower_limit_leaves_an_accepted_flag_alone(alice: Membership) -> None:
    patient, _ = above_120(alice, 175)
    change_dose(alice, patient, regimen(185), now=NOW + timedelta(hours=1))
    change_dose(alice, patient, regimen(175), now=NOW + timedelta(hours=2), answer=None)
    flag = Flag.objects.get(patient=patient, code="T2", severity="high")
    assert (flag.state, kinds(flag)[-1]) == ("accepted", "accepted")


def old_kidney(actor: Membership, mg: float, egfr: int = 45) -> tuple[Patient, Flag]:
    """Accepted for fourteen days at that dose."""
    patient = make_patient(actor, takes=regimen(mg), birth_date=date(1950, 1, 1))
    record_kidney_reading(actor=actor, patient=patient, on=TODAY, egfr=Fraction(egfr), now=NOW)
    return patient, accept(actor, Flag.objects.get(patient=patient, code="R1"), until=TODAY + timedelta(days=14))


@pytest.mark.parametrize(
    ("egfr", "doses", "since"),
    [
        pytest.param(45, [45, 55], [], id="within the band"),
        pytest.param(45, [45, 65], ["raised_again", "accepted"], id="into the next band, answered before saving"),
        pytest.param(45, [65, 45], [], id="into a lower band"),
        pytest.param(25, [65, 45], [], id="severe, into a lower band"),
        pytest.param(45, [65, 15], [], id="down to what is a caution"),
        pytest.param(45, [65, 45, 65], [], id="down and up to what was accepted"),
    ],
)
def test_a_kidney_flag_follows_the_band_of_the_dose(
    egfr: int, doses: list[float], since: list[str], alice: Membership
) -> None:
    patient, flag = old_kidney(alice, doses[0], egfr)
    for hours, mg in enumerate(doses[1:], start=1):
        change_dose(alice, patient, regimen(mg), now=NOW + timedelta(hours=hours))
    flag.refresh_from_db()
    assert (flag.state, kinds(flag)) == ("accepted", ["raised", "accepted", *since])


def test_a_planned_step_into_the_next_band_raises_a_kidney_flag_again(alice: Membership) -> None:
    patient, flag = old_kidney(alice, 45)
    running_plan(alice, patient, [(TODAY + timedelta(days=1), regimen(65))], start=regimen(45))
    pass_time(1)
    flag.refresh_from_db()
    assert (flag.state, kinds(flag)) == ("open", ["raised", "accepted", "raised_again"])
    assert "65" in str(flag.shown["evidence"])


def test_an_open_flag_tells_of_the_dose_of_now(alice: Membership) -> None:
    patient, flag = above_120(alice, 125)
    Flag.objects.filter(pk=flag.pk).update(
        state="open", accepted_at=None, accepted_by=None, accepted_reason="", accepted_comment="", expires_at=None
    )
    change_dose(alice, patient, regimen(130), now=NOW + timedelta(hours=1), answer=None)
    flag.refresh_from_db()
    assert flag.title.replace("\u00a0", " ") == "High dose: 130 mg/day, second opinion"
    assert kinds(flag)[-1] == "reworded"
    refresh_flags(patient=patient, now=NOW + timedelta(hours=2), actor=alice)
    assert kinds(flag)[-2:] == ["accepted", "reworded"]


@pytest.mark.parametrize(
    ("severity", "days", "is_allowed"),
    [
        pytest.param("critical", 3, True, id="72 hours"),
        pytest.param("critical", 4, False, id="longer than 72 hours"),
        pytest.param("high", 14, True, id="14 days"),
        pytest.param("high", 15, False, id="longer than 14 days"),
        pytest.param("caution", 90, True, id="90 days"),
        pytest.param("caution", 91, False, id="longer than 90 days"),
        pytest.param("caution", -1, False, id="yesterday"),
    ],
)
def test_an_acceptance_ends(severity: str, days: int, is_allowed: bool, alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    Flag.objects.filter(pk=flag.pk).update(severity=severity)
    flag.refresh_from_db()
    until = TODAY + timedelta(days=days)
    if is_allowed:
        accepted = accept(alice, flag, until=until)
        assert accepted.expires_at <= NOW + timedelta(days={"critical": 3, "high": 14, "caution": 90}[severity])
    else:
        with pytest.raises(DomainError, match="Choose a date from today"):
            accept(alice, flag, until=until)


def test_a_nurse_accepts_up_to_high(nina: Membership, alice: Membership, patient: Patient) -> None:
    with pytest.raises(PermissionRefused):
        accept(nina, critical_flag(alice, patient))
    other = make_patient(alice)
    change_dose(alice, other, regimen(10, 10))
    assert accept(nina, Flag.objects.get(patient=other, code="W2", severity="high")).state == "accepted"


def test_a_stale_page_conflicts(alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    accept(alice, flag)
    with pytest.raises(Conflict):
        accept(alice, flag)


def test_logs_a_contact(nina: Membership, alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    log_contact(actor=nina, flag=flag, text="called 10:20, no answer", now=NOW)
    event = FlagEvent.objects.get(kind="contact")
    assert (event.text, event.by) == ("called 10:20, no answer", nina.user)


def test_cannot_be_roused_stands_above_other_critical_flags() -> None:
    from titration.domain.findings import Finding

    def finding(code: str, severity: Severity) -> Finding:
        return Finding(code=code, severity=severity, since=TODAY, episode=TODAY, variant="")

    assert finding("S1", Severity.CRITICAL).urgency > finding("W1", Severity.CRITICAL).urgency
    assert finding("S1", Severity.HIGH).urgency < finding("W1", Severity.CRITICAL).urgency


def test_reassess_visits_only_whom_time_can_change(alice: Membership, patient: Patient) -> None:
    quiet = make_patient(alice, since=TODAY - timedelta(days=400))
    quiet.refresh_from_db()
    assert quiet.next_assessment_on is None
    critical_flag(alice, patient)
    tomorrow = NOW + timedelta(days=1)
    assert patients_due(NOW) == []
    assert patients_due(tomorrow) == [patient.pk]
    assert list(reassess_due(tomorrow)) == [(1, 1)]
    assert patients_due(tomorrow) == []


def test_reassessing_twice_changes_nothing_more(alice: Membership, patient: Patient) -> None:
    critical_flag(alice, patient)
    pass_time(1)
    before = list(FlagEvent.objects.values_list("pk", flat=True)), list(Flag.objects.values_list())
    refresh_flags(patient=patient, now=NOW + timedelta(days=1))
    assert (list(FlagEvent.objects.values_list("pk", flat=True)), list(Flag.objects.values_list())) == before


def test_a_stop_reported_on_day_two_of_the_record_is_seen(alice: Membership) -> None:
    patient = make_patient(alice, since=None)
    assert RegimenChange.objects.get(patient=patient).starts_on == TODAY - timedelta(days=28)
    record_intake(actor=alice, patient=patient, report=RAN_OUT, now=NOW)
    assert Flag.objects.get(patient=patient).severity == "critical"

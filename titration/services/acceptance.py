"""Answers to flags.

Accepted with a coded reason until a day, contacts logged. A flag that ended unanswered leaves the worklist by its
answer.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from titration.domain.days import show_full_day
from titration.domain.errors import DomainError
from titration.domain.findings import Finding, Severity
from titration.domain.limits import longest_acceptance, longest_acceptance_words
from titration.models import Flag, FlagEvent, FlagState, Membership, Patient
from titration.permissions import Action, check_can, check_can_accept_flag
from titration.services.audit import record_event
from titration.services.drafts import CriticalAnswer, Key
from titration.services.writing import check_override_reason, journey, locked, moved, store, today_in


@journey("flag.accepted")
def accept_flag(
    *,
    actor: Membership,
    flag: Flag,
    reason: str,
    comment: str,
    expires_on: date,
    state_version: int,
    now: datetime,
    key: Key | None = None,
) -> Flag:
    """Accepted until the end of a day, at most as long as its severity allows; a past flag is answered and gone."""
    severity = Severity.from_label(flag.severity)
    check_can_accept_flag(actor, severity)
    patient = locked(flag.patient, actor)
    check_override_reason(reason, patient.clinic)
    expires_at = _end_of_acceptance(severity, expires_on, patient=patient, now=now)
    is_past = flag.state == FlagState.PAST_UNANSWERED
    moved(
        Flag.objects.filter(
            pk=flag.pk,
            state_version=state_version,
            state__in=[FlagState.OPEN, FlagState.PAST_UNANSWERED, FlagState.ACCEPTED],
        ),
        state=FlagState.RESOLVED if is_past else FlagState.ACCEPTED,
        state_version=state_version + 1,
        accepted_reason=reason,
        accepted_comment=comment,
        accepted_by=actor.user,
        accepted_at=now,
        expires_at=None if is_past else expires_at,
    )
    _look_again_on(patient, today_in(patient.clinic, expires_at))
    return _told(
        flag,
        "accepted",
        f"{reason}: {comment}".rstrip(": "),
        actor=actor,
        now=now,
        detail={"reason": reason, "expires_at": expires_at},
    )


def _end_of_acceptance(severity: Severity, expires_on: date, *, patient: Patient, now: datetime) -> datetime:
    clinic = patient.clinic
    latest = now + longest_acceptance(severity)
    if not today_in(clinic, now) <= expires_on <= today_in(clinic, latest):
        raise DomainError(
            f"Choose a date from today to {show_full_day(today_in(clinic, latest))}: "
            f"a {severity.label} flag is accepted for at most {longest_acceptance_words(severity)}.",
            about="expires_on",
        )
    return min(latest, datetime.combine(expires_on + timedelta(days=1), time(), tzinfo=clinic.zone))


def _look_again_on(patient: Patient, day: date) -> None:
    if patient.next_assessment_on is None or day < patient.next_assessment_on:
        Patient.objects.filter(pk=patient.pk).update(next_assessment_on=day)


def _told(
    flag: Flag, kind: str, text: str, *, actor: Membership, now: datetime, detail: dict[str, object] | None = None
) -> Flag:
    store(FlagEvent(flag=flag, kind=kind, at=now, by=actor.user, text=text, severity=flag.severity))
    record_event(
        clinic=actor.clinic,
        actor=actor,
        action=f"flag.{kind}",
        subject=flag,
        patient=flag.patient,
        detail={"code": flag.code, "severity": flag.severity, **(detail or {})},
        now=now,
    )
    return Flag.objects.select_related("patient").get(pk=flag.pk)


@journey("flag.contact")
def log_contact(*, actor: Membership, flag: Flag, text: str, now: datetime, key: Key | None = None) -> Flag:
    """What was tried or said about a flag: "called 10:20, no answer". The same form counts once."""
    check_can(actor, Action.LOG_CONTACT)
    locked(flag.patient, actor)
    if not text.strip():
        raise DomainError("Write in a few words who was contacted and what was said.")
    return _told(flag, "contact", text, actor=actor, now=now)


def accept_answered(
    *, patient: Patient, findings: Iterable[Finding], answer: CriticalAnswer, actor: Membership, now: datetime
) -> None:
    """The answer given before saving stands as the acceptance of the flags that saving raised, for as long as a
    critical flag may."""
    wanted = {(finding.code, finding.fingerprint) for finding in findings}
    for flag in Flag.objects.filter(patient=patient, state=FlagState.OPEN).select_related("patient"):
        if (flag.code, flag.fingerprint) in wanted:
            accept_flag(
                actor=actor,
                flag=flag,
                reason=answer.reason,
                comment=answer.comment,
                state_version=flag.state_version,
                expires_on=today_in(patient.clinic, now + longest_acceptance(Severity.from_label(flag.severity))),
                now=now,
            )

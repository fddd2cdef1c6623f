"""What a dose change would do, shown while it is typed and beside the form that was sent. Nothing is written.

Assessed by the same function that judges the saving, so preview and refusal never differ.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from titration.domain.banner import share_of_ceiling
from titration.domain.case import with_dose_change
from titration.domain.days import show_weekday
from titration.domain.dose_after import after_words
from titration.domain.dose_change import (
    DoseChange,
    compared_words,
    held_words,
    regimen_before,
    same_words,
    supposed_words,
)
from titration.domain.errors import DomainError
from titration.domain.findings import Finding, Severity
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.remedy import DoseProposal
from titration.domain.standing import ShownFlag, standing
from titration.domain.times_of_day import divided_anew
from titration.domain.treatment import check_not_over
from titration.domain.units import show_mg_per_day
from titration.domain.wording import say, say_undecided
from titration.forms.doses import DoseForm
from titration.selectors.plan_file import clinic_products
from titration.services.doses import DoseJudgement, check_starts_on, judge_dose_change
from titration.services.under_treatment import refused_words
from titration.views.log_panel import Subject
from titration.views.remedy import remedy_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A finding in the few words of a preview."""

    severity: Any
    title: str
    lines: tuple[str, ...]
    accepted: str = ""


def preview_of(subject: Subject, form: DoseForm) -> dict[str, Any]:
    """For `log/preview.html`: as much as can be said of what is readable."""
    form.is_valid()
    regimen, starts_on = form.regimen, form.cleaned_data.get("starts_on")
    if regimen is None:
        return {"is_unreadable": True}
    told = {"total": show_mg_per_day(regimen.daily_mcg), **_refusal(regimen)}
    if wrong := _wrong_date(subject, form):
        told["wrong_date"] = wrong
    if starts_on is None or "refused" in told or wrong:
        return told
    if same := same_words(subject.record, starts_on, regimen):
        return {**told, "same": same}
    before = regimen_before(subject.record, starts_on)
    change = DoseChange(before_mcg=before_mcg(subject, starts_on), after_mcg=regimen.daily_mcg)
    told["divided"] = divided_anew(before, regimen) if before else ""
    share = share_of_ceiling(regimen.daily_mcg, load_guidance())
    judgement = judge(subject, form)
    told |= {"change": change.words, "share": share, **_judged(subject, judgement)}
    told["compared"] = compared_words(subject.record, starts_on)
    told["supposed"] = supposed(subject, starts_on, regimen)
    told["holds"] = held_words(subject.record, starts_on, subject.today)
    told["after"] = after(subject, starts_on, regimen)
    if judgement is not None:
        told["remedy"] = remedy_line(_proposal(subject, starts_on, regimen, judgement))
    return told


def after(subject: Subject, starts_on: date, regimen: Regimen) -> tuple[str, ...]:
    """How long the change would hold, and what would no longer count, in sentences."""
    proposed = with_dose_change(subject.record, starts_on, regimen, at=subject.now)
    return after_words(subject.record, proposed, starts_on=starts_on, regimen=regimen, today=subject.today)


def supposed(subject: Subject, starts_on: date, regimen: Regimen) -> str:
    """What is said of a report that goes on and tells another amount than the new dose."""
    proposed = with_dose_change(subject.record, starts_on, regimen, at=subject.now)
    return supposed_words(proposed, max(starts_on, subject.today))


def _wrong_date(subject: Subject, form: DoseForm) -> str:
    """Why nothing is ordered now, or the date cannot be read or would be refused; "" where it would not."""
    if words := refused_words(subject.patient):
        return words
    starts_on = form.cleaned_data.get("starts_on")
    if starts_on is None:
        return " ".join(str(error) for error in form.errors.get("starts_on") or [])
    try:
        check_starts_on(starts_on, patient=subject.patient, now=subject.now)
        check_not_over(subject.record.treatment, starts_on)
    except DomainError as refusal:
        return refusal.sentence
    return ""


def _proposal(subject: Subject, starts_on: date, regimen: Regimen, judgement: DoseJudgement) -> DoseProposal:
    return DoseProposal(
        record=subject.record,
        starts_on=starts_on,
        regimen=regimen,
        today=subject.today,
        now=subject.now,
        before=judgement.before,
        after=judgement.assessment,
        products=clinic_products(subject.patient.clinic),
    )


def before_mcg(subject: Subject, starts_on: date) -> int | None:
    regimen = regimen_before(subject.record, starts_on)
    return None if regimen is None else regimen.daily_mcg


def judge(subject: Subject, form: DoseForm) -> DoseJudgement | None:
    """What saving would meet; None while date or doses cannot be read."""
    regimen, starts_on = form.regimen, form.cleaned_data.get("starts_on")
    if regimen is None or starts_on is None:
        return None
    return judge_dose_change(subject.record, starts_on=starts_on, regimen=regimen, today=subject.today, now=subject.now)


def _judged(subject: Subject, judgement: DoseJudgement | None) -> dict[str, Any]:
    if judgement is None:
        return {}
    return {
        "as_of": judgement.assessment.as_of,
        "raised": [raised(finding) for finding in judgement.raised],
        "stands": standing_lines(subject.record, judgement),
        "beside": lines_beside(judgement),
        "past": [raised(finding) for finding in judgement.past],
        "undecided": _undecided(judgement),
    }


def _undecided(judgement: DoseJudgement) -> list[str]:
    open_questions = judgement.assessment.undecided
    return list(dict.fromkeys(say_undecided(question, load_guidance()) for question in open_questions))


def raised(finding: Finding) -> Raised:
    words = say(finding, load_guidance())
    return Raised(severity=finding.severity, title=words.title, lines=(words.reason,))


def standing_lines(record: PatientRecord, judgement: DoseJudgement) -> list[Raised]:
    """What stands at this moment, caution and above, with its reason and what becomes of it."""
    stands = standing(judgement.now, record.flags, load_guidance())
    becomes = {finding.code: finding for finding in judgement.assessment.findings}
    return [
        Raised(
            severity=shown.severity,
            title=shown.words.title,
            lines=(*shown.lines, *_outlook(shown, becomes.get(shown.code), judgement)),
            accepted=shown.acceptance,
        )
        for shown in stands.weighed
    ]


def _outlook(shown: ShownFlag, finding: Finding | None, judgement: DoseJudgement) -> tuple[str, ...]:
    """What becomes of a flag that stands, where something does: with the dose, or until its day."""
    if shown.is_past:
        return ()
    if finding is None:
        is_today = judgement.now.as_of == judgement.assessment.as_of
        until = "With this dose" if is_today else f"By {show_weekday(judgement.assessment.as_of)}"
        return (f"{until} it would no longer stand.",)
    if finding.severity != shown.severity:
        return (f"It would become {finding.severity.label}.",)
    return (f"It needs: {' '.join(shown.words.clears)}",) if shown.words.clears else ()


def lines_beside(judgement: DoseJudgement) -> list[Raised]:
    """What else would stand on the day of the change: not raised by it, and not standing at this moment."""
    today = {finding.code for finding in judgement.now.findings}
    return [
        raised(finding)
        for finding in judgement.staying
        if finding.severity > Severity.INFO and finding.code not in today
    ]


def in_full(finding: Finding) -> Raised:
    """As a question is asked about it: what happens, why it is said with its limits, and what to consider."""
    words = say(finding, load_guidance())
    return Raised(severity=finding.severity, title=words.title, lines=(words.reason, *words.why, *words.consider))


def _refusal(regimen: Regimen) -> dict[str, Any]:
    """T3: what is above the ceiling cannot be saved at all."""
    ceiling = load_guidance().ceiling_mcg
    if regimen.daily_mcg <= ceiling:
        return {}
    return {
        "refused": {
            "title": f"{show_mg_per_day(regimen.daily_mcg)} cannot be saved",
            "reason": f"The ceiling is {show_mg_per_day(ceiling)}, and no reason lifts it.",
            "allowed": f"Up to {show_mg_per_day(ceiling)} is allowed.",
        }
    }

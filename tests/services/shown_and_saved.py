"""What was shown before an act beside what the record says after it: totals, changes, findings, flags."""

from datetime import date
from typing import Any

from titration.domain.assess import assess, judge_steps
from titration.domain.case import case_at, case_from
from titration.domain.dose_change import DoseChange, regimen_before
from titration.domain.findings import Finding
from titration.domain.guidance import load_guidance
from titration.domain.history import prescribed_history, taken_history
from titration.domain.judging import JudgedPlan
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.rules.withdrawal import drop_on, stop_on, week_drop_on
from titration.domain.situation import Situation
from titration.models import Flag, Plan
from titration.services.doses import judge_dose_change
from titration.views.plan_page import start_of

GUIDANCE = load_guidance()
SPAN_DAYS = 7


def check_dose_preview(course: Any, before: PatientRecord, on: date, takes: Regimen) -> None:
    """before: the record that the preview was made from."""
    judged = judge_dose_change(before, starts_on=on, regimen=takes, today=course.today, now=course.now)
    was = regimen_before(before, on)
    shown = DoseChange(before_mcg=None if was is None else was.daily_mcg, after_mcg=takes.daily_mcg)
    record = course.record()
    after = prescribed_history(record)
    day = on.toordinal()
    assert shown.after_mcg == after.on(day)
    if after.on(day - 1) is not None:
        assert shown.before_mcg == after.on(day - 1)
    now_said = assess(case_at(record, max(on, course.today), now=course.now), GUIDANCE).findings
    assert judged.assessment.findings == now_said
    if on <= course.today:
        on_file = {(flag.code, flag.episode_on, flag.fingerprint) for flag in
                   Flag.objects.filter(patient=course.patient, state__in=["open", "accepted"])}  # fmt: skip
        raised = {
            (each.code, each.episode, each.fingerprint)
            for each in judged.raised
            if each.raises_flag and each in judged.assessment.findings
        }
        assert raised <= on_file


def check_signed(course: Any, plan: Plan, start: Regimen, shown: JudgedPlan, *, goes_back: bool = False) -> None:
    """What was shown of the steps is what the record says of them afterwards."""
    scene = course.scene(plan)
    assert start_of(scene) == start
    assert _told(scene.judged.by_step) == _told(shown.by_step)
    assert [_finding(each) for each in scene.judged.whole] == [_finding(each) for each in shown.whole]
    record, days = scene.record, [day.toordinal() for day, _ in shown.steps]
    totals = [takes.daily_mcg for _, takes in shown.steps]
    if plan.kind == "taper":
        assert totals == sorted(totals, reverse=True), "a taper rises"
        assert goes_back or totals[0] <= start.daily_mcg, "a taper begins with a rise"
    last = days[-1] + 7
    later = [each.starts_on.toordinal() for each in record.regimens if each.counts]
    last = min([last, *(day - 1 for day in later if day > days[-1])])
    taken, prescribed = taken_history(record), prescribed_history(record)
    if taken.span(days[0] - 40, last)[40:] != prescribed.span(days[0], last):
        return
    case = case_from(record, date.fromordinal(last))
    situation = Situation.of(case, GUIDANCE)
    by_rules = {}
    for day in range(days[0], last + 1):
        found = stop_on(situation, day)
        each = [found] if found else [drop_on(situation, day), week_drop_on(situation, day)]
        if levels := [firing.severity for firing in each if firing]:
            by_rules[date.fromordinal(day)] = max(levels)
    case = case_from(record, course.today, plan=list(shown.steps))
    planned = {day: each.severity for day, each in judge_steps(case, GUIDANCE).items() if day.toordinal() <= last}
    assert planned == by_rules


def _told(by_step: Any) -> dict[date, Any]:
    return {day: _finding(each) for day, each in by_step.items()}


def _finding(each: Finding) -> tuple[Any, ...]:
    return each.code, each.severity, each.since, each.variant, each.trigger

"""The question a clinician asks: what do the rules say about this patient as of this day?

`assess` runs every rule in order; an error is a bug and surfaces. `marks` tells what stood in the past, for the
chart; `judge_steps` what each step of a plan would raise, for the planner.
"""

from datetime import date, timedelta

from titration.domain.case import Case
from titration.domain.findings import Assessment, Finding, Undecided
from titration.domain.guidance import Guidance
from titration.domain.history import Day
from titration.domain.rules import RULES
from titration.domain.rules.firing import Firing, Standing
from titration.domain.rules.last_dose import hour_matters
from titration.domain.rules.plan import judge_days
from titration.domain.rules.withdrawal import FALLS, finding_of
from titration.domain.situation import Situation, as_date


def assess(case: Case, guidance: Guidance) -> Assessment:
    """All findings as of the case's day, highest first and then in the order of the rules, and what could not be
    decided. From the day of a death on nothing is judged, nor once a treatment is over since nobody knows when.
    """
    if case.is_closed or (case.died_on is not None and case.died_on <= case.as_of):
        return nothing_judged(case.as_of, guidance)
    situation = Situation.of(case, guidance)
    findings: list[Finding] = []
    undecided: list[Undecided] = []
    for rule in RULES.values():
        found, open_questions = rule(situation)
        findings += found
        undecided += open_questions
    return Assessment(
        as_of=case.as_of,
        guidance_version=guidance.version,
        findings=tuple(sorted(findings, key=lambda finding: -finding.urgency)),
        undecided=tuple(undecided),
        next_change_on=_next_change(situation, findings),
    )


def nothing_judged(as_of: date, guidance: Guidance) -> Assessment:
    return Assessment(
        as_of=as_of, guidance_version=guidance.version, findings=(), undecided=(), next_change_on=None
    )  # fmt: skip


def _next_change(situation: Situation, findings: list[Finding]) -> date | None:
    """Today where the hour counts; tomorrow while a change of dose is inside the window that rules look back on.

    Otherwise the next end, or the next dated change.
    """
    if hour_matters(situation):
        return situation.case.as_of
    today = situation.day
    histories = [history for history in (situation.case.taken, situation.case.prescribed) if history]
    if any(h.changed_between(today - situation.guidance.count("maintenance_window"), today) for h in histories):
        return as_date(today + 1)
    days = [finding.until.toordinal() for finding in findings if finding.until]
    days += [on.toordinal() for on in _dates_ahead(situation) if on > situation.case.as_of]
    days += [change for history in histories if (change := history.next_change_after(today)) is not None]
    return as_date(min(days)) if days else None


def _dates_ahead(situation: Situation) -> list[date]:
    """Days on which a planned interruption, an empty box or six steady weeks may begin to count."""
    case, count = situation.case, situation.guidance.count
    days = [planned.on - timedelta(count("w8_ahead")) for planned in case.interruptions]
    if case.runs_out_on is not None:
        days.append(case.runs_out_on - timedelta(count("w8_supply_days") - 1))
    histories = [history for history in (case.prescribed, case.taken) if history and history.days]
    begun = [day for history in histories[:1] for day in history.days if day <= situation.day]
    return [*days, as_date(begun[-1] + count("n1_steady_days"))] if begun else days


def marks(case: Case, guidance: Guidance, since: date) -> tuple[Finding, ...]:
    """What W1, W2 and W3 said on the days from `since` to the case's day, one finding a firing day and rule, in date
    order.

    Runs of firings of one rule on days in a row are one mark, dated by the first and as high as the highest.
    """
    situation = Situation.of(case, guidance)
    days = _days_after_changes(situation, since.toordinal())
    found: list[Firing] = []
    for fire in FALLS.values():
        found += _runs([firing for day in days if (firing := fire(situation, day))])
    found.sort(key=lambda firing: firing.day)
    return tuple(mark(firing, situation) for firing in found)


def _days_after_changes(situation: Situation, first: Day) -> list[Day]:
    """Days on which a rule of withdrawal can fire: within a week after any change but a rise."""
    taken, span = situation.case.taken, situation.guidance.count("w3_span")
    changes = [day for day in taken.days if first - span <= day <= situation.day and not taken.rises_on(day)]
    days = {change + offset for change in changes for offset in range(span + 1)}
    return sorted(day for day in days if first <= day <= situation.day)


def _runs(firings: list[Firing]) -> list[Firing]:
    """The highest firing of each run of days in a row."""
    highest: list[Firing] = []
    last_day: Day | None = None
    for firing in firings:
        if last_day is None or firing.day > last_day + 1:
            highest.append(firing)
        elif firing.severity > highest[-1].severity:
            highest[-1] = firing
        last_day = firing.day
    return highest


def mark(firing: Firing, situation: Situation) -> Finding:
    """What a rule said on one day, as a finding of its own."""
    until = firing.day + situation.guidance.count("stays")
    standing = Standing(firing=firing, since=firing.day, episode=firing.day, until=until)
    return finding_of(standing, situation)


def judge_steps(case: Case, guidance: Guidance) -> dict[date, Finding]:
    """For each planned day on which W1, W2 or W3 would fire: the highest finding, by its date."""
    situation = Situation.of(case, guidance)
    return {as_date(day): mark(firing, situation) for day, firing in judge_days(situation).items()}

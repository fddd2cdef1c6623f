"""A judged plan as the planner and the plan page show it: rows, findings, picture, quantities, and what would clear it.

Plain values for the templates; the domain has drawn and judged, nothing is decided here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from titration.charts.plan_svg import NARROW, WIDE, plan_svg
from titration.domain.days import show_near_day
from titration.domain.findings import Finding, Severity
from titration.domain.guidance import Guidance
from titration.domain.judging import JudgedPlan, Remedy, find_remedy, judge_plan
from titration.domain.planned_supply import PeriodRow, period_rows, runs_out_words
from titration.domain.planning import PlanDraft, PlanStepDraft, summarise
from titration.domain.planning.presets import load_limits
from titration.domain.planning.words import (
    change_words,
    cleared_words,
    percent_words,
    summary_words,
    supply_lines,
)
from titration.domain.products import Product, Recipe
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.taken_before import before_words, taken_before
from titration.domain.units import format_mg, show_mg, show_percent
from titration.domain.wording import say, say_undecided

MOST_FINDINGS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One line of the table. day: its date in words; change is signed against the step before; recipes are in the order
    of the day.
    """

    number: int
    starts_on: date
    day: str
    daily_mcg: int
    asked_mcg: int | None
    change: str
    percent: str
    severity: str
    doses: tuple[str, ...]
    recipes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingItem:
    """A finding as `components/finding.html` takes it."""

    severity: str
    title: str
    lines: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemedyBox:
    title: str
    text: str
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Everything a page shows of one plan."""

    rows: tuple[StepRow, ...]
    only_tablet: Product | None
    ends_on: date
    summary: str
    supply: tuple[str, ...]
    periods: tuple[PeriodRow, ...]
    lasts: str
    notes: tuple[str, ...]
    findings: tuple[FindingItem, ...]
    undecided: tuple[str, ...]
    answers: tuple[FindingItem, ...]
    before: str
    wide: SafeString
    narrow: SafeString
    remedy: RemedyBox | None


def drawing_of(
    record: PatientRecord, draft: PlanDraft, *, today: date, guidance: Guidance, only: Product | None
) -> tuple[Drawing, Remedy | None]:
    """The plan as shown, and the remedy behind its box. only: the tablet that its words name once."""
    judged = judge_plan(record, draft.planned, today=today, guidance=guidance)
    remedy = find_remedy(record, draft, judged, today=today, guidance=guidance)
    other = ("slower", remedy.draft.planned) if remedy else None
    wide, narrow = pictures(record, judged, today=today, guidance=guidance, other=other)
    drawing = Drawing(
        rows=tuple(step_rows(draft.request.start, draft.steps, judged.by_step, today=today, only=only)),
        only_tablet=only,
        ends_on=draft.ends_on,
        summary=summary_words(draft.steps, today),
        supply=supply_lines(draft.steps),
        periods=period_rows(draft.steps),
        lasts=runs_out_words(record, draft.planned, today),
        notes=draft.notes,
        findings=tuple(finding_items(judged.findings, guidance)),
        undecided=tuple(say_undecided(open_, guidance) for open_ in judged.assessment.undecided if open_.code == "W5"),
        answers=tuple(each_finding(judged.answers, guidance)),
        before=before_of(record, draft.planned, today=today, guidance=guidance),
        wide=wide,
        narrow=narrow,
        remedy=_remedy_box(draft, judged, remedy, today) if remedy else None,
    )
    return drawing, remedy


def before_of(record: PatientRecord, steps: Sequence[tuple[date, Regimen]], *, today: date, guidance: Guidance) -> str:
    """The next step beside what is really taken, where that is not what is prescribed."""
    found = taken_before(record, steps, today=today, guidance=guidance)
    return before_words(found, guidance=guidance, today=today)


def pictures(
    record: PatientRecord,
    judged: JudgedPlan,
    *,
    today: date,
    guidance: Guidance,
    other: tuple[str, Sequence[tuple[date, Regimen]]] | None = None,
    name: str = "plan, draft",
    wide: int = WIDE,
) -> tuple[SafeString, SafeString]:
    """The wide and the narrow picture. Their texts are escaped where they are drawn."""
    draw = partial(plan_svg, record, judged.steps, today=today, guidance=guidance, other=other, name=name)
    drawn = [draw(**_judgement(judged), width=width) for width in (wide, NARROW)]
    return mark_safe(drawn[0]), mark_safe(drawn[1])  # noqa: S308 - built and escaped by charts.pen


def paper_picture(record: PatientRecord, judged: JudgedPlan, *, today: date, guidance: Guidance, name: str) -> str:
    """The wide picture with its looks in itself."""
    told = _judgement(judged)
    return plan_svg(record, judged.steps, today=today, guidance=guidance, name=name, for_paper=True, **told)


def _judgement(judged: JudgedPlan) -> dict[str, Any]:
    severities = {on: finding.severity.label for on, finding in judged.by_step.items()}
    return {"assessment": judged.assessment, "severities": severities}


def step_rows(
    start: Regimen,
    steps: Sequence[PlanStepDraft],
    by_step: Mapping[date, Finding],
    *,
    today: date,
    only: Product | None = None,
) -> Iterator[StepRow]:
    """only: the tablet whose strength a heading names; without it each dose names its own."""
    before_mcg = start.daily_mcg
    for number, step in enumerate(steps, start=1):
        finding = by_step.get(step.starts_on)
        yield StepRow(
            number=number,
            starts_on=step.starts_on,
            day=show_near_day(step.starts_on, beside=today),
            daily_mcg=step.daily_mcg,
            asked_mcg=step.rounded_from_mcg,
            change=change_words(before_mcg, step.daily_mcg),
            percent=percent_words(before_mcg, step.daily_mcg),
            severity=finding.severity.label if finding else "",
            doses=tuple(format_mg(mcg) for mcg in step.regimen.doses_mcg),
            recipes=tuple(_recipe_words(step.recipes.get(time), only) for time in TimeOfDay),
        )
        before_mcg = step.daily_mcg


def _recipe_words(made: Recipe | None, only: Product | None) -> str:
    return made.table_words(only) if made else "none"


def finding_items(findings: Iterable[Finding], guidance: Guidance) -> Iterator[FindingItem]:
    """The gravest each on its own; those of information as one item that names their days."""
    grave = [finding for finding in findings if finding.severity > Severity.INFO]
    minor = [finding for finding in findings if finding.severity is Severity.INFO]
    yield from each_finding(grave[:MOST_FINDINGS], guidance)
    if len(grave) > MOST_FINDINGS:
        rest = len(grave) - MOST_FINDINGS
        yield FindingItem(severity="caution", title=f"{rest} more, each named in the table", lines=(), href="")
    yield from each_finding([finding for finding in minor if finding.code == "W5"], guidance)
    steps = [finding for finding in minor if finding.code != "W5"]
    if steps:
        days = ", ".join(show_near_day(finding.since, beside=steps[0].since) for finding in steps)
        reason = say(steps[-1], guidance).reason
        title = "One step" if len(steps) == 1 else f"{len(steps)} steps"
        yield FindingItem(severity="info", title=f"{title}: {days}", lines=(reason,), href=_rule_url(steps[-1]))


def each_finding(findings: Iterable[Finding], guidance: Guidance) -> Iterator[FindingItem]:
    for finding in findings:
        words = say(finding, guidance)
        yield FindingItem(
            severity=finding.severity.label,
            title=words.title,
            lines=(*words.why[:1], *words.consider[:1]),
            href=_rule_url(finding),
        )


def _rule_url(finding: Finding) -> str:
    return reverse("rule", args=[finding.code])


def _remedy_box(draft: PlanDraft, judged: JudgedPlan, remedy: Remedy, today: date) -> RemedyBox:
    this, other = summarise(draft), summarise(remedy.draft)
    rows = [
        ("Ends", show_near_day(this.ends_on, beside=today), show_near_day(other.ends_on, beside=today)),
        ("Steps", str(this.step_count), str(other.step_count)),
        (
            f"Largest drop over {show_mg(load_limits().smallest_step)}",
            _drop_words(this.largest_drop_percent),
            _drop_words(other.largest_drop_percent),
        ),
    ]
    products = dict.fromkeys(product for product, _ in (*this.quantities, *other.quantities))
    for product in products:
        amounts = [format_mg(dict(each.quantities).get(product, Fraction()) * 1000) for each in (this, other)]
        unit = "mL" if product.is_liquid else "Tablets"
        rows.append((f"{unit} of {product.strength_words}", amounts[0], amounts[1]))
    levels = [finding.severity for finding in judged.by_step.values() if finding.severity > Severity.INFO]
    text = cleared_words(levels, remedy.from_number)
    return RemedyBox(title="What would clear the steep steps", text=text, rows=tuple(rows))


def _drop_words(percent: Fraction | None) -> str:
    return "none" if percent is None else show_percent(percent)

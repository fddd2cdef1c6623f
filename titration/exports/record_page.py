"""The plan for the record: who decided what, when and why, on one or two pages.

It holds the chart, every step with what to take, the findings that stood with the reason each was accepted for, the
quantities, the signatures and the whole content hash. Nothing is left out for space; a long plan takes more pages.
"""

from collections.abc import Iterator

from titration.domain.products import DispensingPeriod, Product
from titration.domain.products.supply import Amounts
from titration.domain.taken_before import TakenBefore
from titration.exports.dates import long_date, short_date_year, weekday_date_year
from titration.exports.document import DocumentFinding, DocumentReview, DocumentStep, PlanDocument
from titration.exports.language import gettext_noop
from titration.exports.phrases import (
    Value,
    act_words,
    doses_words,
    now_taken,
    paper,
    state_words,
    step_words,
    times_words,
)
from titration.exports.takings import regimen_words
from titration.exports.text import one_line, plain_text, show_count
from titration.exports.typesetting import typeset
from titration.exports.wording import KINDS

_HOW = {"clinic": gettext_noop("at the clinic"), "telephone": gettext_noop("by telephone")}
_STATES = {
    "draft": gettext_noop("draft"),
    "running": gettext_noop("running"),
    "held": gettext_noop("held"),
    "completed": gettext_noop("completed"),
    "stopped": gettext_noop("stopped"),
    "replaced": gettext_noop("replaced"),
    "planned": gettext_noop("planned"),
    "started": gettext_noop("started"),
    "stepped_back": gettext_noop("stepped back"),
    "skipped": gettext_noop("skipped"),
    "done": gettext_noop("done"),
}
_SEVERITIES = {
    "info": gettext_noop("info"),
    "caution": gettext_noop("caution"),
    "high": gettext_noop("high"),
    "critical": gettext_noop("critical"),
}
_ANSWERED = ("high", "critical")


def write_record_page(plan: PlanDocument) -> bytes:
    return typeset("record_page.typ", record_values(plan), at=plan.local(plan.printed.at))


def record_values(plan: PlanDocument) -> dict[str, Value]:
    say = plan.language
    return {
        **paper(plan),
        "title": say.gettext(KINDS[plan.kind.value], number=plan.number, version=plan.version),
        "person": _person(plan),
        "clinic": f"{one_line(plan.clinic.name)}, {one_line(plan.clinic.telephone)}",
        "state": state_words(plan),
        "facts": [[say.gettext(label), value] for label, value in _facts(plan) if value],
        "chart": plan.chart_svg,
        "chart_words": say.gettext("Chart of the daily dose over time; the table of steps holds the same values."),
        "step_heads": _step_heads(plan),
        "steps": [_step(plan, step) for step in plan.steps],
        "finding_heads": _finding_heads(plan),
        "findings": [_finding(plan, found) for found in plan.findings],
        "no_finding": say.gettext("No finding. That is not proof of safety."),
        "review_heads": [say.gettext("Due"), say.gettext("How"), say.gettext("Purpose")],
        "reviews": [_review(plan, review) for review in plan.reviews],
        "note": plain_text(plan.note),
        "acts": [[say.gettext(act), who] for act, who in _acts(plan)],
        "heads": _section_heads(plan),
        "decided": say.gettext("Decision support only: the clinician who signed decided."),
    }


def _said(plan: PlanDocument, table: dict[str, str], code: str) -> str:
    return plan.language.gettext(table[code]) if code in table else code


def _person(plan: PlanDocument) -> str:
    patient, say = plan.patient, plan.language
    born = say.gettext("{name}, born {day}", name=one_line(patient.name), day=long_date(say, patient.birth_date))
    return f"{born}, {one_line(patient.identifier)}"


def _facts(plan: PlanDocument) -> Iterator[tuple[str, str]]:
    say = plan.language
    first, last = (say.gettext("{dose}/day", dose=say.mg(mcg)) for mcg in (plan.start.daily_mcg, _last_mcg(plan)))
    dates = [weekday_date_year(say, day) for day in (plan.starts_on, plan.last_day)]
    steps = say.ngettext("{number} step", "{number} steps", len(plan.steps))
    yield gettext_noop("Dose"), say.gettext("{first} to {last}", first=first, last=last)
    yield gettext_noop("Dates"), say.gettext("{first} to {last}", first=dates[0], last=dates[1]) + f", {steps}"
    yield gettext_noop("Until the first step"), _until_then(plan)
    yield gettext_noop("Taken now"), _taken_before(plan)
    yield gettext_noop("Products"), "; ".join(one_line(product.name) for product in plan.products)
    yield gettext_noop("Quantities"), _quantities(plan)
    yield gettext_noop("Periods"), _periods(plan)
    yield gettext_noop("State"), _said(plan, _STATES, plan.state.value)
    yield gettext_noop("Replaces"), say.gettext("version {version}", version=plan.replaces) if plan.replaces else ""
    yield gettext_noop("Guidance"), say.gettext("version {version}", version=plan.guidance_version)
    yield gettext_noop("Content hash"), plan.content_hash


def _last_mcg(plan: PlanDocument) -> int:
    return plan.steps[-1].regimen.daily_mcg


def _until_then(plan: PlanDocument) -> str:
    if len(plan.until_first) > 1:
        return " ".join(doses_words(plan, plan.until_first))
    regimen, recipes = now_taken(plan)
    if not regimen.daily_mcg:
        return plan.language.gettext("no baclofen")
    return regimen_words(plan.language, regimen, recipes)


def _taken_before(plan: PlanDocument) -> str:
    """The next step beside what is really taken; nothing where that is what is prescribed."""
    found, say = plan.before, plan.language
    if found is None:
        return ""
    prescribed = say.gettext("prescribed {dose} a day", dose=say.mg(found.prescribed_mcg or 0))
    day, dose = short_date_year(say, found.step_on), say.mg(found.step_mcg)
    step = say.gettext("Step of {day}: {dose} a day", day=day, dose=dose)
    return f"{_taken_span(plan, found)}, {prescribed}. {step}{_rise(plan, found)}. {say.gettext('To be checked.')}"


def _taken_span(plan: PlanDocument, found: TakenBefore) -> str:
    say = plan.language
    mcg = found.taken_mcg
    known = say.gettext("not known") if mcg is None else say.gettext("{dose} a day", dose=say.mg(mcg))
    first, last = (short_date_year(say, day) for day in (found.since, found.last_on))
    if found.is_over:
        return say.gettext("{taken} from {first} to {last}", taken=known, first=first, last=last)
    return say.gettext("{taken} since {first}", taken=known, first=first)


def _rise(plan: PlanDocument, found: TakenBefore) -> str:
    """ ", a rise of 25 mg (83.3 %) from what is taken"."""
    say = plan.language
    if not found.rise_mcg:
        return ""
    share = "" if found.rise_percent is None else f" ({say.number(found.rise_percent)}\u00a0%)"
    amount = f"{say.mg(abs(found.rise_mcg))}{share}"
    if found.rise_mcg > 0:
        return ", " + say.gettext("a rise of {amount} from what is taken", amount=amount)
    return ", " + say.gettext("a fall of {amount} from what is taken", amount=amount)


def _quantities(plan: PlanDocument) -> str:
    """With the days that they are for, the last dose of a plan that goes on included."""
    say = plan.language
    amounts = _amounts(plan.quantities)
    first, last = (short_date_year(say, day) for day in (plan.starts_on, plan.last_dose_day))
    return say.gettext("{amounts}, for {first} to {last}", amounts=amounts, first=first, last=last) if amounts else ""


def _periods(plan: PlanDocument) -> str:
    """What each period of dispensing needs; nothing where one holds the whole plan."""
    return ". ".join(_period(plan, period) for period in plan.periods) if len(plan.periods) > 1 else ""


def _period(plan: PlanDocument, period: DispensingPeriod) -> str:
    say = plan.language
    first, last = (short_date_year(say, day) for day in (period.first_on, period.last_on))
    return say.gettext(
        "{first} to {last}: {amounts}", first=first, last=last, amounts=_amounts(period.amounts) or say.gettext("none")
    )


def _amounts(amounts: Amounts) -> str:
    return "; ".join(f"{show_count(count)} {_unit(product)}" for product, count in amounts)


def _unit(product: Product) -> str:
    name = one_line(product.name)
    return f"mL, {name}" if product.is_liquid else f"× {name}"


def _step_heads(plan: PlanDocument) -> list[Value]:
    say = plan.language
    heads = [say.gettext("From"), say.gettext("Last day"), say.gettext("mg a day"), say.gettext("Change")]
    return ["", *heads, *times_words(plan), say.gettext("State")]


def _step(plan: PlanDocument, step: DocumentStep) -> Value:
    say = plan.language
    return {
        "number": str(step.number),
        "from": short_date_year(say, step.starts_on),
        "last": short_date_year(say, plan.last_day_of(step)),
        "daily": _bare_mg(plan, step.regimen.daily_mcg),
        "change": _change(plan, step.change_mcg),
        "rounded": ""
        if step.rounded_from_mcg is None
        else say.gettext("rounded from {dose}", dose=_bare_mg(plan, step.rounded_from_mcg)),
        "doses": [step_words(plan, step, time) for time in plan.times_used()],
        "state": _said(plan, _STATES, step.state),
    }


def _bare_mg(plan: PlanDocument, mcg: int) -> str:
    return plan.language.mg(mcg).removesuffix("\u00a0mg")


def _change(plan: PlanDocument, mcg: int) -> str:
    """ "−10 mg", "+2.5 mg"; "no change" for zero."""
    if mcg == 0:
        return plan.language.gettext("no change")
    return f"{'−' if mcg < 0 else '+'}{plan.language.mg(abs(mcg))}"


def _finding_heads(plan: PlanDocument) -> list[Value]:
    say = plan.language
    return [say.gettext("Severity"), say.gettext("Step"), say.gettext("Finding"), say.gettext("Answer")]


def _finding(plan: PlanDocument, found: DocumentFinding) -> Value:
    say = plan.language
    day = short_date_year(say, found.on) if found.on else say.gettext("whole plan")
    reason = one_line(found.accepted_reason)
    needs_one = found.severity in _ANSWERED
    open_words = say.gettext("no answer recorded") if needs_one else say.gettext("needs no answer")
    answer = say.gettext("Accepted: {reason}", reason=reason) if reason else open_words
    return [_said(plan, _SEVERITIES, found.severity), day, one_line(found.title), answer]


def _review(plan: PlanDocument, review: DocumentReview) -> Value:
    return [weekday_date_year(plan.language, review.on), _said(plan, _HOW, review.how), one_line(review.purpose)]


def _section_heads(plan: PlanDocument) -> Value:
    say = plan.language
    return {
        "steps": say.gettext("Steps"),
        "findings": say.gettext("Findings when the plan was drawn"),
        "reviews": say.gettext("Reviews"),
        "note": say.gettext("Note"),
        "acts": say.gettext("Who and when"),
    }


def _acts(plan: PlanDocument) -> Iterator[tuple[str, str]]:
    """Who and when; a signature with what it is bound to."""
    say = plan.language
    bound = say.gettext(
        "bound to content {code}, guidance {version}", code=plan.short_hash, version=plan.guidance_version
    )
    yield gettext_noop("Drafted"), act_words(plan, plan.drafted)
    yield gettext_noop("Signed"), f"{act_words(plan, plan.signed)}, {bound}" if plan.signed else say.gettext("not yet")
    yield gettext_noop("Printed"), act_words(plan, plan.printed)

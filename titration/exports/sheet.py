"""The patient's sheet: what to take each day, in tablets and words, with boxes to tick.

This module turns a plan into the words and cells of the page; `sheet.typ` lays them out for paper and a template for
the screen's print page. A week is one block, Monday first; where steps change in mid-week the block has a part for each
step, and every day stands in exactly one part. The words are in `wording`, the clinic's own in `clinic_words`.
"""

from collections.abc import Iterator

from titration.domain.products import ProductForm
from titration.domain.record import PlanKind
from titration.domain.regimen import TimeOfDay
from titration.exports.clinic_words import clock_sentence, hours_words, warnings
from titration.exports.dates import (
    day_month,
    full_date,
    long_date,
    weekday_date,
    weekday_date_year,
    weekdays,
)
from titration.exports.document import DocumentReview, DocumentStep, PlanDocument
from titration.exports.language import gettext_noop
from titration.exports.phrases import (
    Value,
    daily_words,
    doses_words,
    now_taken,
    paper,
    products_heading,
    products_words,
    state_words,
    step_words,
    then_words,
    times_words,
)
from titration.exports.takings import amount_words, regimen_words
from titration.exports.text import one_line
from titration.exports.typesetting import typeset
from titration.exports.weeks import calendar_weeks
from titration.exports.wording import HOW, REVIEWS, TITLES


def write_sheet(plan: PlanDocument) -> bytes:
    return typeset("sheet.typ", sheet_values(plan), at=plan.local(plan.printed.at))


def sheet_values(plan: PlanDocument) -> dict[str, Value]:
    say = plan.language
    born = long_date(say, plan.patient.birth_date)
    return {
        **paper(plan),
        "title": say.gettext(TITLES[_way(plan)]),
        "person": say.gettext("{name}, born {day}", name=one_line(plan.patient.name), day=born),
        "phone_label": say.gettext("Questions, or baclofen running low"),
        "telephone": one_line(plan.clinic.telephone),
        "hours": hours_words(plan.clinic),
        "state": state_words(plan),
        "lead": _lead(plan),
        "hold": _hold(plan),
        "warnings": warnings(plan),
        "how": "" if plan.is_on_hold else " ".join(filter(None, _how_to(plan))),
        "reviews": _reviews(plan),
        "products": products_heading(say, plan.products),
        "weekdays": list(weekdays(say)),
        "weeks": [] if plan.is_on_hold else list(calendar_weeks(plan)),
        "end": {"bold": "", "text": ""} if plan.is_on_hold else _end(plan),
        "table": _table(plan),
        "supply": "" if plan.is_on_hold else _supply(plan),
    }


def _way(plan: PlanDocument) -> str:
    if plan.kind is PlanKind.TITRATION:
        return "up"
    return "off" if plan.ends_at_zero else "down"


def _lead(plan: PlanDocument) -> list[Value]:
    """From when to when, which way, and what until then."""
    say = plan.language
    span = say.gettext("From {first} to {last}: ", first="\x00", last="\x00").split("\x00")
    first, last = full_date(say, plan.starts_on), full_date(say, plan.last_day)
    return [span[0], first, span[1], last, span[2], _course(plan), _until_then(plan)]


def _course(plan: PlanDocument) -> str:
    """from 60 mg a day down to none, in 10 steps."""
    say, start_mcg, last_mcg = plan.language, plan.start.daily_mcg, plan.steps[-1].regimen.daily_mcg
    told = {"start": daily_words(plan, start_mcg), "goal": daily_words(plan, last_mcg)}
    number = len(plan.steps)
    if last_mcg > start_mcg:
        return say.ngettext(
            "from {start} up to {goal}, in {number} step.", "from {start} up to {goal}, in {number} steps.",
            number, **told,
        )  # fmt: skip
    return say.ngettext(
        "from {start} down to {goal}, in {number} step.", "from {start} down to {goal}, in {number} steps.",
        number, **told,
    )  # fmt: skip


def _until_then(plan: PlanDocument) -> str:
    first, say = plan.starts_on, plan.language
    if first <= plan.local(plan.printed.at).date():
        return ""
    if len(plan.until_first) > 1:
        return " ".join(doses_words(plan, plan.until_first))
    regimen, recipes = now_taken(plan)
    if not regimen.daily_mcg:
        return ""
    taken = regimen_words(say, regimen, recipes)
    daily = daily_words(plan, regimen.daily_mcg)
    return say.gettext(
        "Before {day} keep taking {taken}, {daily}.", day=day_month(say, first), taken=taken, daily=daily
    )


def _hold(plan: PlanDocument) -> dict[str, Value]:
    """What is taken while a plan is on hold, in place of its dates, boxes and table; nothing of any other plan."""
    if not plan.is_on_hold:
        return {"bold": "", "text": ""}
    wait = plan.language.gettext(
        "Take no further step of the plan until we tell you. Do not stop by yourself."
    )  # fmt: skip
    return {"bold": " ".join(doses_words(plan, plan.standing)), "text": wait}


def _how_to(plan: PlanDocument) -> Iterator[str]:
    say = plan.language
    parts = [part for step in plan.steps for time in TimeOfDay for part in step.parts(time)]
    forms = {product.form for product in plan.products}
    yield say.gettext(HOW["tick" if forms <= {ProductForm.TABLET} else "tick_dose"])
    if any(amount.denominator > 1 and not product.is_liquid for product, amount in parts):
        yield say.gettext(HOW["halves"])
    if ProductForm.LIQUID in forms:
        yield say.gettext(HOW["liquid"])
    yield say.gettext(HOW["new"])
    yield clock_sentence(plan)


def _reviews(plan: PlanDocument) -> dict[str, Value]:
    say = plan.language
    shown = [
        say.gettext(words, days=_review_dates(plan, how))
        for how, words in REVIEWS.items()
        if _of(plan.reviews, how)
    ]  # fmt: skip
    label = gettext_noop("Reviews:") if plan.is_on_hold else gettext_noop("Boxed dates are reviews:")
    text = "; ".join(shown).removesuffix(".")
    return {"label": say.gettext(label), "text": f"{text}." if text else ""}


def _of(reviews: tuple[DocumentReview, ...], how: str) -> list[DocumentReview]:
    return [review for review in reviews if review.how == how]


def _review_dates(plan: PlanDocument, how: str) -> str:
    days = sorted(review.on for review in _of(plan.reviews, how))
    return plan.language.joined([weekday_date(plan.language, day) for day in days])


def _end(plan: PlanDocument) -> dict[str, Value]:
    say = plan.language
    day = full_date(say, plan.last_day)
    if plan.ends_at_zero:
        after = say.gettext("Keep this sheet for two weeks after that; the warnings still count.")
        text = f"{then_words(plan)} {after}".strip()
        return {"bold": say.gettext("{day}: no more baclofen.", day=day), "text": text}
    if plan.then is not None:
        return {"bold": then_words(plan), "text": ""}
    daily = daily_words(plan, plan.steps[-1].regimen.daily_mcg)
    stay = say.gettext("keep taking {daily} until we tell you something else. Do not stop by yourself.", daily=daily)
    return {"bold": say.gettext("After {day}", day=day), "text": stay}


def _supply(plan: PlanDocument) -> str:
    """What the whole plan uses: half a tablet for 28 days is 14 tablets."""
    say = plan.language
    amounts = [amount_words(say, product, amount) for product, amount in plan.quantities]
    first, last = long_date(say, plan.starts_on), long_date(say, plan.last_dose_day)
    told = {"first": first, "last": last, "amounts": say.joined(amounts)}
    return say.gettext("From {first} to {last} you need {amounts}.", **told) if amounts else ""


def _table(plan: PlanDocument) -> dict[str, Value]:
    say, times = plan.language, plan.times_used()
    heading = products_words(say, plan.products)
    return {
        "title": say.gettext("The whole plan, in {products}", products=heading),
        "from": say.gettext("From"),
        "daily": say.gettext("mg a day"),
        "times": times_words(plan),
        "rows": [] if plan.is_on_hold else [_table_row(plan, step, times) for step in plan.steps],
    }


def _table_row(plan: PlanDocument, step: DocumentStep, times: tuple[TimeOfDay, ...]) -> Value:
    ends = step is plan.steps[-1] and plan.ends_at_zero
    finished: list[Value] = [plan.language.gettext("none, finished")]
    return {
        "from": _table_date(plan, step),
        "daily": plan.language.mg(step.regimen.daily_mcg).removesuffix("\u00a0mg"),
        "doses": finished if ends else [step_words(plan, step, time) for time in times],
    }


def _table_date(plan: PlanDocument, step: DocumentStep) -> str:
    """With the year in the first row and where it turns."""
    earlier = [other.starts_on.year for other in plan.steps if other.starts_on < step.starts_on]
    turns = not earlier or earlier[-1] != step.starts_on.year
    return (weekday_date_year if turns else weekday_date)(plan.language, step.starts_on)

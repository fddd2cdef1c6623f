"""No paper says what to take as a difference: "two tablets more" is read as two besides, "one tablet less" as one.

Every paper of samples and of random plans is read in both languages, and every message that any paper can say.
"""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exports.pdf_text import needs_poppler, words_of
from tests.exports.samples import (
    TABLET_5,
    TABLET_10,
    ashdown,
    building_up,
    dose,
    four_times_a_day,
    mg,
    on_hold,
    plan_of,
    two_steps_in_a_week,
)
from tests.exports.test_language import FOREIGN, catalog, flat, marked
from titration.domain.products import PRODUCTS, Product, recipe
from titration.domain.record import PlanKind
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.taken_before import TakenBefore
from titration.exports import FORMATS
from titration.exports.document import Act, DocumentDose, PlanDocument
from titration.exports.language import LANGUAGES
from titration.exports.record_page import record_values
from titration.exports.sheet import sheet_values
from titration.exports.takings import Takings
from titration.exports.week import WeekDocument, week_rows, week_values, write_week

AMOUNT = r"(?:tablets?|packets?|mL|mg|Tabletten?|Packung(?:en)?|Beutel|\{dose\}|\{amounts?\}|\{count\}|\{strength\})"
COMPARED = (
    r"(?:more|less|fewer|extra|additional(?:ly)?|another|further|added|plus|minus"
    r"|mehr|weniger|zusätzlich\w*|weitere\w*|noch|dazu|extra)"
)
A_FEW_WORDS = r"[^\w.;:!?]+(?:[\w{}/,×]+[^\w.;:!?]+){0,3}?"
BESIDE = re.compile(rf"\b{COMPARED}{A_FEW_WORDS}{AMOUNT}|{AMOUNT}{A_FEW_WORDS}{COMPARED}\b", re.IGNORECASE)


THE_END = re.compile(r"no more baclofen|kein Baclofen mehr|nicht mehr geplant")


def beside(text: str) -> list[str]:
    return [found[0] for found in BESIDE.finditer(THE_END.sub(".", text))]


@pytest.mark.parametrize(
    "words",
    [
        "two tablets more",
        "one 10\u00a0mg tablet less",
        "take 10 mg less",
        "zwei Tabletten mehr",
        "zusätzlich eine halbe Tablette",
        "an additional half tablet",
        "50 mg a day 10 mg less",
    ],
)
def test_a_difference_is_found(words: str):
    assert beside(words)


@pytest.mark.parametrize(
    "words",
    ["no more baclofen", "have more spasms, or miss two doses", "kein Baclofen mehr. 10 mg", "two 10 mg tablets"],
)
def test_other_words_are_not(words: str):
    assert beside(words) == []


def test_no_message_of_a_paper_is_a_difference():
    assert [found for message in marked() for found in beside(message)] == []


@pytest.mark.parametrize("code", FOREIGN)
def test_no_translation_is_one(code: str):
    assert [found for said in catalog(code).values() for found in beside(said.replace("\n", " "))] == []


def told_of_what_is_taken() -> PlanDocument:
    taken = {
        "prescribed_mcg": 60_000,
        "step_on": date(2026, 11, 16),
        "step_mcg": 50_000,
        "is_over": False,
        "was_held": False,
        "is_first": True,
    }
    before = TakenBefore(since=date(2026, 11, 1), last_on=date(2026, 11, 9), taken_mcg=30_000, **taken)
    return ashdown(before=before)


SAMPLES = {
    "taper": ashdown(),
    "taken less": told_of_what_is_taken(),
    "titration": building_up(),
    "steps in mid-week": two_steps_in_a_week(),
    "two products": four_times_a_day(),
    "hold": on_hold(dose(date(2026, 11, 26), mg(10, 10, 10)), dose(date(2026, 12, 3), mg(20, 10, 10))),
    "until the first": ashdown(
        until_first=(dose(date(2026, 11, 9), mg(20, 20, 20)), dose(date(2026, 11, 12), mg(15, 20, 20)))
    ),
}


def spoken(plan: PlanDocument) -> str:
    """What every paper of a plan says, but for the layout: a row with its mark, its words and its neighbours."""
    papers = [sheet_values(plan), {**record_values(plan), "chart": ""}, week_values(week_of(plan))]
    files = [
        FORMATS[name].write(plan).decode().replace("\r\n ", "")
        for name in ("calendar.ics", "steps.csv", "days.csv", "plan.json")
    ]
    return "\n".join([*map(flat, papers), *files])


def week_of(plan: PlanDocument) -> WeekDocument:
    last = max(plan.last_day, plan.starts_on)
    return WeekDocument(
        clinic="Northgate", first_on=plan.starts_on, last_on=last, printed=Act(by="A", at=plan.printed.at),
        as_of=plan.printed.at, rows=week_rows(plan, plan.starts_on, last), language_code=plan.language_code,
    )  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("plan", SAMPLES.values(), ids=SAMPLES)
def test_no_paper_of_a_sample_says_a_difference(plan: PlanDocument, code: str):
    assert beside(spoken(replace(plan, language_code=code))) == []


@needs_poppler
@pytest.mark.parametrize("is_large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("name", ["taper", "titration", "taken less"])
def test_nor_does_one_as_it_is_printed(name: str, code: str, *, is_large: bool):
    plan = replace(SAMPLES[name], language_code=code, is_large=is_large)
    for pdf in (FORMATS["sheet.pdf"].write(plan), FORMATS["record.pdf"].write(plan), write_week(week_of(plan))):
        assert beside(words_of(pdf)) == []


def takings(regimen: Regimen, products: tuple[Product, ...]) -> Takings:
    doses = zip(TimeOfDay, regimen.doses_mcg, strict=True)
    return {time: recipe(mcg, products).parts for time, mcg in doses if mcg}


REGIMENS = st.tuples(*[st.integers(0, 8)] * 4).map(lambda fives: mg(*(5 * five for five in fives)))
PRODUCT_SETS = st.sampled_from(
    [
        (TABLET_10,),
        (TABLET_10, TABLET_5),
        (TABLET_5,),
        (PRODUCTS["tablet-20-halves"], TABLET_5),
        (PRODUCTS["liquid-5-in-5"],),
    ]
)


@settings(max_examples=60, deadline=None)
@given(
    start=REGIMENS,
    planned=st.lists(REGIMENS, min_size=1, max_size=8),
    gap=st.integers(1, 14),
    products=PRODUCT_SETS,
    kind=st.sampled_from(PlanKind),
    code=st.sampled_from([*LANGUAGES]),
)
def test_no_paper_of_any_plan_says_one(
    start: Regimen, planned: list[Regimen], gap: int, products: tuple[Product, ...], kind: PlanKind, code: str
):
    first = date(2026, 11, 18)
    plan = plan_of(start, [(first + timedelta(days=gap * place), regimen) for place, regimen in enumerate(planned)])
    steps = tuple(replace(step, recipes=takings(step.regimen, products)) for step in plan.steps)
    now = DocumentDose(starts_on=date(2026, 11, 9), regimen=start, recipes=takings(start, products))
    told = {"kind": kind, "products": products, "language_code": code, "start_recipes": now.recipes, "quantities": ()}
    assert beside(spoken(replace(plan, steps=steps, until_first=(now,), **told))) == []

"""The patient's sheet as printed: pages and feet, weeks whole, large print, and typed text that stays text."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.exports.pdf_text import (
    claims_universal_access,
    fonts_of,
    is_tagged,
    needs_poppler,
    pages_of,
    sizes_of,
    text_of,
    words_of,
)
from tests.exports.samples import (
    HOSTILE,
    TABLET_10,
    ashdown,
    building_up,
    dose,
    four_times_a_day,
    half_a_year,
    mg,
    on_hold,
    plan_of,
    two_steps_in_a_week,
)
from titration.domain.record import PlanState
from titration.exports.document import PlanDocument
from titration.exports.sheet import sheet_values, write_sheet
from titration.exports.weeks import calendar_weeks


def hostile() -> PlanDocument:
    plan = ashdown()
    patient = replace(plan.patient, name=HOSTILE, identifier='"; #panic() 你好')
    clinic = replace(plan.clinic, name='#image("http://example.invalid/a.png")', hours="$ x $ *bold* _x_ @ref <label>")
    return replace(plan, patient=patient, clinic=clinic)


@needs_poppler
def test_a_sheet_on_hold_prints_no_box_and_no_date_of_a_step():
    text = words_of(write_sheet(on_hold(dose(date(2026, 11, 26), mg(15, 15, 20)))))
    assert "Take no further step of the plan until we tell you." in text
    for gone in ("Until 16 November", "Tablets of", "The whole plan", "From Monday", "no more baclofen"):
        assert gone not in text


@needs_poppler
@pytest.mark.parametrize(
    ("plan", "pages"),
    [(ashdown(), 2), (two_steps_in_a_week(), 1), (building_up(), 2), (half_a_year(), 5), (four_times_a_day(), 3)],
)
def test_fills_so_many_pages_and_every_foot_says_whose_and_which(plan: PlanDocument, pages: int):
    texts = pages_of(write_sheet(plan))
    assert len(texts) == pages
    for number, text in enumerate(texts, start=1):
        foot = " ".join(text.strip().split("\n")[-2:])
        for said in ("Margaret Ashdown, SP-0417", "01632 960 417", "Plan 3, version 2, signed 9 Nov 2026 by R. Okafor"):
            assert said in foot
        assert "Printed 9 Nov 2026, 14:12 by R. Okafor" in foot
        assert f"Check code {plan.content_hash[:12]}" in foot
        assert f"Page {number} of {pages}" in foot


@needs_poppler
def test_no_week_is_cut_and_the_weekdays_stand_above_every_page_of_weeks():
    *pages, last = pages_of(write_sheet(half_a_year()))
    assert last.lstrip().startswith("The whole plan")
    for text in pages:
        head, weeks = text.split("The whole plan")[0].split("Tablets of 10 mg")
        assert re.fullmatch(r" +Mon +Tue +Wed +Thu +Fri +Sat +Sun", weeks.split("\n")[0])
        assert "a day " in weeks
        assert weeks.count("Morning") == weeks.count("Midday") == weeks.count("Evening") == weeks.count("mg a day")
        assert "Evening" not in head


@needs_poppler
def test_prints_the_whole_plan_as_a_table_and_its_end():
    text = text_of(write_sheet(ashdown()))
    table = text.split("The whole plan, in tablets of 10 mg")[1]
    for row in ("Mon 16 Nov 2026", "Mon 23 Nov ", "Mon 4 Jan 2027", "Mon 18 Jan "):
        assert row in table
    assert "none, finished" in table
    assert "Monday 18 January 2027: no more baclofen." in text


@needs_poppler
def test_a_plan_to_a_dose_says_to_keep_taking_it():
    assert "After Sunday 6 December 2026 keep taking 60 mg a day until" in words_of(write_sheet(building_up()))


@needs_poppler
@pytest.mark.parametrize(
    ("plan", "pages"), [(ashdown(), 4), (half_a_year(), 9), (four_times_a_day(), 9), (building_up(), 3)]
)
def test_large_print_has_no_letter_below_16_points_and_the_same_foot(plan: PlanDocument, pages: int):
    pdf = write_sheet(replace(plan, is_large=True))
    assert min(sizes_of(pdf)) >= 16
    texts = pages_of(pdf)
    assert len(texts) == pages
    for number, text in enumerate(texts, start=1):
        assert "Plan 3, version 2, signed 9 Nov 2026 by R. Okafor" in text
        assert f"Page {number} of {pages}" in text
    assert claims_universal_access(pdf)


@needs_poppler
@pytest.mark.parametrize("plan", [ashdown(), half_a_year(), two_steps_in_a_week(), building_up()])
@pytest.mark.parametrize("is_large", [False, True])
def test_every_week_of_several_steps_stands_on_one_page(plan: PlanDocument, *, is_large: bool):
    pages = [text.split("The whole plan")[0] for text in pages_of(write_sheet(replace(plan, is_large=is_large)))]
    for week in calendar_weeks(plan):
        heads = [re.escape(str(part["daily"]).replace("\u00a0", " ")) for part in week]
        firsts = [next(str(day["label"]) for day in part["days"] if day["label"]) for part in week]
        found = [
            number
            for number, text in enumerate(pages)
            for head, first in zip(heads, firsts, strict=True)
            if re.search(rf"{head} .*{re.escape(first)}".replace("\u00a0", " "), text)
        ]
        assert len(set(found)) == 1, (heads, found)


@needs_poppler
@pytest.mark.parametrize(
    ("plan", "is_large"),
    [
        *(
            (plan, False)
            for plan in (ashdown(), half_a_year(), two_steps_in_a_week(), building_up(), four_times_a_day())
        ),
        *((plan, True) for plan in (ashdown(), two_steps_in_a_week(), building_up())),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_table_of_the_whole_plan_stands_on_one_page_with_what_to_fetch(
    plan: PlanDocument, language: str, *, is_large: bool
):
    plan = replace(plan, language_code=language, is_large=is_large)
    told: Any = sheet_values(plan)
    title, *words = (
        " ".join(text.split())
        for text in (told["table"]["title"], *(row["from"] for row in told["table"]["rows"]), told["supply"])
    )
    pages = [" ".join(text.split()) for text in pages_of(write_sheet(plan))]
    (page,) = (text for text in pages if title in text)
    assert [each for each in words if each not in page.partition(title)[2]] == []


@needs_poppler
@pytest.mark.parametrize(
    ("plan", "words"),
    [
        pytest.param(ashdown(language_code="de"), "16. Nov.", id="the first week, in the longer language too"),
        pytest.param(building_up(), "The whole plan", id="else the plan with what comes after it"),
        pytest.param(building_up(), "After Sunday 6 December 2026 keep taking", id="what comes after it"),
    ],
)
def test_the_first_page_of_large_print_holds_more_than_advice(plan: PlanDocument, words: str):
    assert words in pages_of(write_sheet(replace(plan, is_large=True)))[0]


@needs_poppler
def test_half_a_tablet_for_28_days_is_14_tablets_on_the_supply_line():
    plan = plan_of(mg(10, 0, 0), [(date(2026, 11, 16), mg(5, 0, 0)), (date(2026, 12, 14), mg(0, 0, 0))])
    plan = replace(plan, quantities=((TABLET_10, Fraction(28, 2)),))
    words = "From 16 November 2026 to 13 December 2026 you need 14 tablets of 10 mg."
    assert words in words_of(write_sheet(plan))


@needs_poppler
def test_is_accessible_and_uses_the_packaged_typeface_only():
    pdf = write_sheet(ashdown())
    assert claims_universal_access(pdf)
    assert is_tagged(pdf)
    assert fonts_of(pdf) == {"SourceSansPro-Regular", "SourceSansPro-Bold"}


@needs_poppler
def test_a_hostile_text_prints_as_typed_and_fetches_nothing():
    pdf = write_sheet(hostile())
    text = words_of(pdf)
    for typed in ("=1+1 END:VEVENT", '#read("/etc/passwd") https://example.invalid/x', "*bold* $x$ <b>"):
        assert typed in text
    assert '#image("http://example.invalid/a.png")' in text
    assert "$ x $ *bold* _x_ @ref <label>" in text
    assert "root:" not in text


@needs_poppler
@pytest.mark.parametrize(
    ("name", "read"),
    [
        pytest.param("张伟", "张伟", id="Chinese"),
        pytest.param("佐藤 さくら", "佐藤 さくら", id="Japanese"),
        pytest.param("한지민", "한지민", id="Korean"),
        pytest.param("محمد", "محمد", id="Arabic"),
        pytest.param("שלום כהן", "שלום כהן", id="Hebrew"),
        pytest.param("नमन", "नमन", id="Hindi"),
        pytest.param("Ζωή Жанна Şören", "Ζωή Жанна Şören", id="Greek, Cyrillic, Turkish"),
        pytest.param("Zoë 🌷", "Zoë 🌷", id="emoji"),
    ],
)
def test_a_name_in_any_script_is_printed_as_it_is_written(name: str, read: str):
    plan = ashdown()
    pdf = write_sheet(replace(plan, patient=replace(plan.patient, name=name)))
    text = re.sub("[\u202a-\u202e]", "", words_of(pdf))
    assert f"{read}, born 12 March 1968" in text
    assert "U+" not in text
    assert claims_universal_access(pdf)


@needs_poppler
def test_a_letter_that_no_typeface_has_is_spelled_out():
    plan = ashdown()
    pdf = write_sheet(replace(plan, patient=replace(plan.patient, name="Q\U0001fae9 \u0378")))
    assert "Q[U+1FAE9] [U+0378], born" in words_of(pdf)
    assert claims_universal_access(pdf)


@needs_poppler
def test_a_mark_that_turns_text_around_does_not_turn_a_dose_around():
    plan = ashdown()
    name = "\u202e12\u202c Ashdown"
    assert "12 Ashdown, SP-0417" in words_of(write_sheet(replace(plan, patient=replace(plan.patient, name=name))))


@needs_poppler
@pytest.mark.parametrize(
    "typed", ["א\u20a8\u200d\U0001f32e", "\u202e\u20a8\u200d\U0001f32e\u202e", "e\u0301\u20e3 ﷽ 🏳️‍🌈"]
)
def test_a_strange_mix_of_scripts_still_prints(typed: str):
    plan = ashdown()
    pdf = write_sheet(replace(plan, patient=replace(plan.patient, name=typed, identifier=typed)))
    assert "01632 960 417" in words_of(pdf)


@needs_poppler
def test_a_draft_says_so_on_every_page():
    for text in pages_of(write_sheet(ashdown(signed=None, state=PlanState.DRAFT))):
        assert "Plan 3, version 2, draft, not signed" in text

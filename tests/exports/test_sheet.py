"""The patient's sheet: each day once, tablets in words, the whole plan, and typed text that stays text."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    TABLET_5,
    TABLET_10,
    ashdown,
    building_up,
    four_times_a_day,
    half_a_year,
    mg,
    plan_of,
    recipes_of,
    two_steps_in_a_week,
)
from titration.domain.products import PRODUCTS
from titration.domain.record import PlanState
from titration.domain.regimen import Regimen
from titration.exports.document import DocumentDose, PlanDocument
from titration.exports.sheet import sheet_values, write_sheet
from titration.exports.weeks import calendar_weeks


def lowering() -> PlanDocument:
    plan = plan_of(mg(20, 20, 20), [(date(2026, 11, 16), mg(15, 15, 15))])
    return replace(plan, ends_on=date(2026, 12, 13))


def hostile() -> PlanDocument:
    plan = ashdown()
    patient = replace(plan.patient, name=HOSTILE, identifier='"; #panic() 你好')
    clinic = replace(plan.clinic, name='#image("http://example.invalid/a.png")', hours="$ x $ *bold* _x_ @ref <label>")
    return replace(plan, patient=patient, clinic=clinic)


@pytest.mark.parametrize(
    ("plan", "title"),
    [
        (ashdown(), "Coming off baclofen step by step"),
        (lowering(), "Lowering baclofen step by step"),
        (building_up(), "Building up baclofen step by step"),
    ],
)
def test_the_title_says_which_way(plan: PlanDocument, title: str):
    assert sheet_values(plan)["title"] == title


def test_the_lead_says_from_when_to_when_and_what_until_then():
    assert [part.replace("\u00a0", " ") for part in sheet_values(ashdown())["lead"]] == [
        "From ",
        "Monday 16 November 2026",
        " to ",
        "Monday 18 January 2027",
        ": ",
        "from 60 mg a day down to none, in 10 steps.",
        "Until 16 November keep taking two tablets three times a day.",
    ]


def test_unequal_doses_until_then_are_named_one_by_one():
    plan = plan_of(mg(10, 0, 5), [(date(2026, 11, 16), mg(5, 0, 5))])
    assert sheet_values(plan)["lead"][-1].endswith("taking one tablet in the morning and half a tablet in the evening.")


def test_somebody_who_takes_none_yet_is_not_told_to_keep_taking():
    assert sheet_values(building_up())["lead"][-1] == ""


@pytest.mark.parametrize(
    ("words", "heading", "more"),
    [
        ("Ring 000.", "Ring 000 if", "stiff."),
        ("In an emergency call 112.", "Call 112 if", "stiff."),
        ("With a fever ring 999 and say why.", "Ring 999 if", "stiff. With a fever ring 999 and say why."),
        ("Ring 999 and say that it is baclofen.", "Ring 999 if", "stiff. Say that it is baclofen."),
        ("ring 999, then us.", "Ring 999 if", "stiff. Then us."),
        (
            "Ring 999 and say that it is baclofen: bring the box.",
            "Ring 999 if",
            "stiff. Say that it is baclofen: bring the box.",
        ),
        ("Go to the hospital.", "Get help at once if", "stiff. Go to the hospital."),
        ("", "Get help at once if", "stiff."),
    ],
)
def test_the_emergency_words_are_the_clinics(words: str, heading: str, more: str):
    plan = ashdown()
    warning = sheet_values(replace(plan, clinic=replace(plan.clinic, emergency_wording=words)))["warnings"][2]
    assert warning["heading"] == heading
    assert warning["text"].endswith(f"hot and {more}")


def test_the_clinics_own_signs_stand_in_place_of_ours_and_nothing_twice():
    words = "Ring 999 if you have a fit or cannot be woken. Say that it is baclofen."
    plan = ashdown()
    warning = sheet_values(replace(plan, clinic=replace(plan.clinic, emergency_wording=words)))["warnings"][2]
    assert warning == {"heading": "Ring 999 if", "text": "you have a fit or cannot be woken. Say that it is baclofen."}


@pytest.mark.parametrize(
    ("hours", "out_of_hours", "words"),
    [
        ("Mon to Fri, 8:30 to 17:00", "other times 111", "Mon to Fri, 8:30 to 17:00; other times 111"),
        ("Mon to Fri, 8:30 to 17:00.", "Other times 111.", "Mon to Fri, 8:30 to 17:00; Other times 111"),
        ("Mon to Fri; other times 111", "Other times 111.", "Mon to Fri; other times 111"),
        ("Mon to Fri", "", "Mon to Fri"),
        ("", "111 at any time", "111 at any time"),
    ],
)
def test_the_hours_of_the_clinic_are_said_once(hours: str, out_of_hours: str, words: str):
    plan = ashdown()
    clinic = replace(plan.clinic, hours=hours, out_of_hours=out_of_hours)
    assert sheet_values(replace(plan, clinic=clinic))["hours"] == words


def test_the_warnings_of_building_up_speak_of_sleepiness():
    assert "sleepy" in sheet_values(building_up())["warnings"][1]["text"]
    assert "sleepy" not in sheet_values(ashdown())["warnings"][1]["text"]


def test_strengths_stay_where_two_products_are_used():
    plan = ashdown(products=(TABLET_10, TABLET_5))
    assert sheet_values(plan)["products"] == "Tablets of 10\u00a0mg and 5\u00a0mg"
    assert sheet_values(plan)["weeks"][0][0]["rows"][2]["words"] == "two 10\u00a0mg tablets"


def test_a_liquid_is_named_with_its_concentration_and_measured():
    plan = ashdown(products=(TABLET_10, PRODUCTS["liquid-5-in-5"]))
    values = sheet_values(plan)
    assert values["products"] == "Tablets of 10\u00a0mg, and oral solution 5\u00a0mg/5\u00a0mL"
    assert "Measure the liquid" in values["how"]


def test_a_week_with_two_steps_has_a_part_for_each():
    first, second = calendar_weeks(two_steps_in_a_week())
    assert [part["daily"].replace("\u00a0", " ") for part in first] == ["45 mg a day", "30 mg a day"]
    assert [day["label"].replace("\u00a0", " ") for day in first[0]["days"]] == ["", "", "18 Nov", "19", "20", "", ""]
    assert [day["label"].replace("\u00a0", " ") for day in first[1]["days"]] == ["", "", "", "", "", "21 Nov", "22"]
    assert [part["change"].replace("\u00a0", " ") for part in second] == ["", "15 mg less"]


def test_a_row_has_a_box_only_where_there_is_a_dose():
    *_, last_but_one, last = calendar_weeks(ashdown())
    assert last_but_one[0]["rows"][1] == {
        "time": "Midday", "words": "none", "mark": "now", "is_none": True, "ticks": ["nil"] * 7,
    }  # fmt: skip
    assert last[0]["rows"][2]["ticks"] == ["box"] * 7


def test_marks_the_doses_that_are_less_than_before():
    (second_week,) = list(calendar_weeks(ashdown()))[1]
    assert [row["mark"] for row in second_week["rows"]] == ["", "less", "less"]
    assert second_week["change"].replace("\u00a0", " ") == "10 mg less"


def test_boxes_the_dates_of_reviews():
    days = [day for week in calendar_weeks(ashdown()) for part in week for day in part["days"]]
    assert [day["label"] for day in days if day["review"]] == ["26", "10", "7"]


@given(
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    gaps=st.lists(st.integers(1, 20), min_size=1, max_size=20),
    ends_at_zero=st.booleans(),
)
def test_every_day_of_a_plan_has_its_boxes_once_and_under_its_weekday(
    first: date, gaps: list[int], *, ends_at_zero: bool
):
    starts = [first + timedelta(days=sum(gaps[:count])) for count in range(len(gaps))]
    last_dose = 0 if ends_at_zero and len(starts) > 1 else 5
    planned = [(day, mg(5, 5, 5)) for day in starts[:-1]] + [(starts[-1], mg(last_dose, 0, 0))]
    plan = plan_of(mg(20, 20, 20), planned)
    boxed = [
        monday + timedelta(days=column)
        for monday, week in zip(_mondays(first), calendar_weeks(plan), strict=False)
        for column in sorted(_ticked(week))
    ]
    assert boxed == [day.on for day in plan.days() if day.step.regimen.daily_mcg]


def _mondays(first: date):
    monday = first - timedelta(days=first.weekday())
    while True:
        yield monday
        monday += timedelta(days=7)


def _ticked(week) -> list[int]:
    return [column for part in week for column, kind in enumerate(part["rows"][0]["ticks"]) if kind == "box"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"signed": None}, "Draft, not signed. Do not follow this plan yet."),
        ({"state": PlanState.DRAFT}, "Draft, not signed. Do not follow this plan yet."),
        ({"state": PlanState.REPLACED}, "This plan was replaced by a newer one. Do not follow this sheet."),
        ({"state": PlanState.STOPPED}, "This plan was stopped. Do not follow this sheet."),
        ({"state": PlanState.HELD}, "This plan is on hold. Wait until the clinic tells you the next step."),
    ],
)
def test_a_plan_that_does_not_stand_says_so(changes, words: str):
    assert sheet_values(ashdown(**changes))["state"] == words


def test_a_past_day_is_not_said_to_lie_ahead():
    printed = replace(ashdown().printed, at=datetime(2026, 11, 16, 9, tzinfo=UTC))
    assert sheet_values(ashdown(printed=printed))["lead"][-1] == ""


def on_hold(*doses: DocumentDose) -> PlanDocument:
    return ashdown(state=PlanState.HELD, held_on=date(2026, 11, 25), standing=doses)


def dose(starts_on: date, regimen: Regimen) -> DocumentDose:
    return DocumentDose(starts_on=starts_on, regimen=regimen, recipes=recipes_of(regimen))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (on_hold(dose(date(2026, 11, 26), mg(10, 10, 10))), "Now: one 10 mg tablet three times a day, 30 mg a day."),
        (on_hold(dose(date(2026, 11, 26), mg(0, 0, 0))), "Now: no baclofen."),
        (
            on_hold(dose(date(2026, 11, 26), mg(20, 0, 0)), dose(date(2026, 11, 30), mg(15, 0, 0))),
            "Now: two 10 mg tablets once a day, 20 mg a day. From Monday 30 November 2026: one and a half 10 mg "
            "tablets once a day, 15 mg a day.",
        ),
    ],
    ids=["the same since", "a stop", "a change ahead"],
)
def test_a_sheet_on_hold_says_what_is_taken_now_and_no_later_step(plan: PlanDocument, words: str):
    values = sheet_values(plan)
    assert str(values["hold"]["bold"]).replace("\u00a0", " ") == words
    assert (values["weeks"], values["table"]["rows"], values["end"]["text"], values["how"]) == ([], [], "", "")


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
    assert last.lstrip().startswith("From ")
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
    ("plan", "pages"), [(ashdown(), 4), (half_a_year(), 9), (four_times_a_day(), 9), (building_up(), 4)]
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
def test_half_a_tablet_for_28_days_is_14_tablets_on_the_supply_line():
    plan = plan_of(mg(10, 0, 0), [(date(2026, 11, 16), mg(5, 0, 0)), (date(2026, 12, 14), mg(0, 0, 0))])
    plan = replace(plan, quantities=((TABLET_10, Fraction(28, 2)),))
    words = "From 16 November 2026 to 13 December 2026 you need 14 tablets of 10 mg."
    assert words in words_of(write_sheet(plan))


@pytest.mark.parametrize(
    ("product", "amount", "words"),
    [
        (TABLET_10, Fraction(29, 2), "15 tablets of 10 mg"),
        (TABLET_10, Fraction(1), "1 tablet of 10 mg"),
        (PRODUCTS["liquid-5-in-5"], Fraction(105, 2), "52.5 mL oral solution 5 mg/5 mL"),
    ],
    ids=["half a tablet is not sold", "one", "a liquid by volume"],
)
def test_what_to_fetch(product, amount: Fraction, words: str):
    said = str(sheet_values(ashdown(quantities=((product, amount),)))["supply"]).replace("\u00a0", " ")
    assert said.endswith(f"you need {words}.")


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

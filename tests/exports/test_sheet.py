"""What the patient's sheet says: each day once, tablets in words, the whole plan, and when not to follow it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.samples import (
    TABLET_5,
    TABLET_10,
    ashdown,
    building_up,
    dose,
    mg,
    on_hold,
    plan_of,
    two_steps_in_a_week,
)
from titration.domain.products import PRODUCTS
from titration.domain.record import PlanState
from titration.exports.document import PlanDocument
from titration.exports.sheet import sheet_values
from titration.exports.weeks import calendar_weeks


def lowering() -> PlanDocument:
    plan = plan_of(mg(20, 20, 20), [(date(2026, 11, 16), mg(15, 15, 15))])
    return replace(plan, ends_on=date(2026, 12, 13))


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
        "Before 16 November keep taking two 10 mg tablets three times a day, 60 mg a day.",
    ]


def test_unequal_doses_until_then_are_named_one_by_one():
    plan = plan_of(mg(10, 0, 5), [(date(2026, 11, 16), mg(5, 0, 5))])
    assert (
        sheet_values(plan)["lead"][-1]
        .replace("\u00a0", " ")
        .endswith("taking one 10 mg tablet in the morning and half a 10 mg tablet in the evening, 15 mg a day.")
    )


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


def doses_said(plan: PlanDocument) -> list[str]:
    """What to take, of every dose of the calendar and of the whole plan."""
    values = sheet_values(plan)
    said = [row["words"] for week in values["weeks"] for part in week for row in part["rows"]]
    return [*said, *(dose for row in values["table"]["rows"] for dose in row["doses"])]


@pytest.mark.parametrize(
    "besides",
    [{"products": (TABLET_10, TABLET_5)}, {"at_hand": (TABLET_5,)}, {"at_hand": (None,)}],
    ids=["of the plan", "at hand before it", "something not known"],
)
@pytest.mark.parametrize("code", ["en", "de"])
def test_each_dose_names_its_strength_where_there_may_be_two(besides: dict[str, object], code: str):
    said = doses_said(ashdown(language_code=code, **besides))
    nothing = {"none", "none, finished", "keine", "keine, zu Ende"}
    assert {"10\u00a0mg" in words or words in nothing for words in said} == {True}


def test_one_strength_is_named_once_also_where_two_boxes_hold_it():
    plan = ashdown(at_hand=(replace(TABLET_10, code="tablet-10", parts=1),))
    assert "two tablets" in doses_said(plan)
    assert sheet_values(plan)["products"] == "Tablets of 10\u00a0mg"


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
    assert [part["mark"] for part in second] == ["", "new dose"]


def test_a_row_has_a_box_only_where_there_is_a_dose():
    *_, last_but_one, last = calendar_weeks(ashdown())
    assert last_but_one[0]["rows"][1] == {
        "time": "Midday", "mark": "new", "words": "none", "is_none": True, "ticks": ["nil"] * 7,
    }  # fmt: skip
    assert last[0]["rows"][2]["ticks"] == ["box"] * 7


def test_marks_the_times_whose_dose_changes():
    (second_week,) = list(calendar_weeks(ashdown()))[1]
    assert [row["mark"] for row in second_week["rows"]] == ["", "new", "new"]
    assert second_week["mark"] == "new dose"


def test_a_dose_divided_anew_is_marked_although_the_day_holds_as_much():
    plan = plan_of(mg(20, 10, 10), [(date(2026, 11, 16), mg(10, 20, 10)), (date(2026, 11, 23), mg(10, 10, 10))])
    ((first_week,), *_) = calendar_weeks(plan)
    assert (first_week["mark"], [row["mark"] for row in first_week["rows"]]) == ("new dose", ["new", "new", ""])


def test_a_step_that_goes_on_is_marked_in_its_first_week_only():
    *_, ((second_week),) = list(calendar_weeks(lowering()))[:2]
    assert (second_week["mark"], {row["mark"] for row in second_week["rows"]}) == ("", {""})


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

"""The picture: complete, well formed, escaped, inside its frame."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from tests.charts.ashdown import (
    ABRUPT_STOP,
    TODAY,
    Limits,
    ashdown,
    finding,
    flag,
    intake,
    nothing_found,
    of_total,
    plan,
    regimen,
    symptom,
    weekly,
)
from tests.charts.test_model import FIRST, model_of, plain_record
from titration.charts import chart_svg
from titration.charts.plan_svg import plan_svg
from titration.charts.scale import spread
from titration.domain.findings import Severity
from titration.domain.record import IntakeKind, PlanState

SVG = "{http://www.w3.org/2000/svg}"
EXPECTED_WORDS = (
    "Dose, mg/day",
    "labelled maximum 80\u00a0mg/day",
    "0 taken",
    "60 prescribed",
    "plan, version 2",
    "version 1",
    "missed doses",
    "back: sedation",
    "Abrupt stop, 60 → 0, tablets ran out",
    "7 spasticity",
    "4 pain",
    "no scores",
    "stepped back 23 days",
    "S2",
    "13 Nov",
)
HOSTILE = '</script><svg onload="alert(1)">\u2028{{7*7}}'


AXIS_WORDS = r"\d{1,2} [A-Z][a-z]{2}|[A-Z][a-z]{2}( \d{4})?"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.fixture(scope="module")
def story() -> object:
    return model_of(ashdown(), ABRUPT_STOP)


@pytest.mark.parametrize("width", [832, 358])
@pytest.mark.parametrize("shown", ["1m", "3m", "6m", "all"])
def test_every_range_and_width_is_well_formed_without_style_or_nan(story: object, width: int, shown: str) -> None:
    svg = chart_svg(story, width=width, range=shown)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby", "").split() == [element.get("id") for element in root if element.get("id")]
    assert "style=" not in svg
    assert not re.search(r"nan|inf[^o]", svg, re.IGNORECASE)


@pytest.mark.parametrize("width", [832, 358])
def test_lines_and_symbols_stay_inside_the_picture(story: object, width: int) -> None:
    for shown in ("1m", "3m", "6m", "all"):
        for element in ElementTree.fromstring(chart_svg(story, width=width, range=shown)).iter():
            for name in ("x", "x1", "x2", "cx"):
                assert 0 <= float(element.get(name, "0")) <= width


def test_the_story_is_told_in_words(story: object) -> None:
    words = texts(chart_svg(story, width=832, range="all"))
    for expected in EXPECTED_WORDS:
        assert expected in words


def test_both_widths_have_ids_of_their_own(story: object) -> None:
    ids = re.findall(r' id="([^"]+)"', chart_svg(story, width=832) + chart_svg(story, width=358))
    assert len(ids) == len(set(ids)) == 4


def test_a_plan_on_paper_needs_no_style_sheet() -> None:
    steps = [(TODAY + timedelta(days=3), of_total(50)), (TODAY + timedelta(days=10), of_total(0))]
    told = {"assessment": nothing_found(), "severities": {steps[0][0]: "high"}, "today": TODAY, "guidance": Limits()}
    paper = plan_svg(ashdown(), steps, for_paper=True, **told)
    assert "class=" not in paper
    assert "Source Sans Pro" in paper
    ElementTree.fromstring(paper)


def test_hostile_text_is_inert() -> None:
    record = plain_record(
        regimens=(regimen(FIRST, 60), regimen(date(2026, 10, 1), 40, HOSTILE)),
        symptoms=(symptom(date(2026, 10, 2), HOSTILE),),
        flags=(flag(date(2026, 10, 2), "W1", "critical", HOSTILE),),
    )
    svg = chart_svg(model_of(record), range="all")
    assert "<svg onload" not in svg
    assert "</script" not in svg
    assert HOSTILE in " ".join(texts(svg))


def test_an_unknown_stretch_breaks_the_line_and_says_so() -> None:
    unknown = intake(IntakeKind.UNKNOWN, date(2026, 9, 20), date(2026, 10, 20))
    svg = chart_svg(model_of(plain_record(intakes=(unknown,))), range="all")
    paths = re.findall(r'class="taken" d="([^"]+)"', svg)
    assert sum(path.count("M") for path in paths) == 2
    assert "not known" in texts(svg)


def test_unconfirmed_days_are_another_line_with_its_word() -> None:
    steps = weekly(TODAY - timedelta(days=28), [50, 40, 30, 20], 7)
    svg = chart_svg(model_of(plain_record(plans=(plan(1, PlanState.RUNNING, steps),))), range="all")
    assert 'class="unconfirmed"' in svg
    assert any("unconfirmed" in words for words in texts(svg))


def test_words_never_meet() -> None:
    falls = tuple(finding("W2", Severity.HIGH, FIRST + timedelta(days=3 * n)) for n in range(20))
    changes = tuple(regimen(FIRST + timedelta(days=n), 60 if n % 3 else 20) for n in range(70))
    for width in (832, 358):
        svg = chart_svg(model_of(plain_record(regimens=changes), marks=falls), width=width, range="all")
        row = [element for element in ElementTree.fromstring(svg).iter(f"{SVG}text") if element.get("y") == "16"]
        assert len(row) <= 3


@pytest.mark.parametrize("width", [832, 358])
def test_no_month_stands_against_the_word_of_today(width: int) -> None:
    for first in (date(2026, 6, 1), date(2026, 8, 3), date(2026, 9, 20)):
        svg = chart_svg(model_of(plain_record(regimens=(regimen(first, 60),))), width=width, range="all")
        row = [
            each for each in ElementTree.fromstring(svg).iter(f"{SVG}text") if re.fullmatch(AXIS_WORDS, each.text or "")
        ]
        today = next(float(each.get("x", 0)) for each in row if each.text == f"{TODAY.day} {TODAY:%b}")
        others = [abs(float(each.get("x", 0)) - today) for each in row if (each.text or "").isalpha()]
        assert all(distance >= 40 for distance in others)


def test_an_empty_record_is_still_a_picture() -> None:
    svg = chart_svg(model_of(plain_record(regimens=())))
    assert "no scores" in texts(svg)


def test_ten_thousand_changes_make_a_picture_of_bounded_size() -> None:
    begin = TODAY - timedelta(days=9_999)
    changes = tuple(regimen(begin + timedelta(days=n), 20 + 5 * (n % 7)) for n in range(10_000))
    assert len(chart_svg(model_of(plain_record(regimens=changes)), range="all")) < 120_000


@pytest.mark.parametrize(
    ("wanted", "centers"),
    [
        ([(100, 16, 1), (200, 16, 1)], [100, 200]),
        ([(100, 16, 3), (104, 16, 4)], [86, 104]),
        ([(100, 16, 1), (100, 16, 1)], [118, 100]),
        ([(100, 16, 1), (100, 16, 1), (100, 16, 1)], [82, 118, 100]),
        ([(100, 16, 1)] * 5, [None, None, 82, 118, 100]),
    ],
    ids=["apart", "the graver keeps its place", "the newer keeps its place", "right before left", "too many"],
)
def test_symbols_make_room_for_graver_ones(wanted: list[tuple[float, float, int]], centers: list[float | None]) -> None:
    assert spread(wanted) == centers

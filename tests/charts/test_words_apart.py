"""Words of the dose band stand on no other words, no figure of the axis and no line of a limit, at either width."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest

from tests.charts.ashdown import ABRUPT_STOP, TODAY, ashdown, plan, regimen, weekly
from tests.charts.test_model import FIRST, model_of, plain_record
from titration.charts import chart_svg
from titration.charts.scale import DOSE_BOTTOM, Box, Place, text_width
from titration.domain.record import PatientRecord, PlanState

SVG = "{http://www.w3.org/2000/svg}"


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_long_plan_ahead(since_days: int) -> PatientRecord:
    """Known for a few days, planned for months: today and its words stand near the axis."""
    steps = weekly(TODAY + timedelta(days=2), [55 - 5 * step for step in range(12)], 14)
    changes = (regimen(days_ago(since_days + 14), 30), regimen(days_ago(since_days), 60))
    return plain_record(regimens=changes, plans=(plan(1, PlanState.RUNNING, steps),))


def level_at(mg: int) -> PatientRecord:
    return plain_record(regimens=(regimen(FIRST, 60), regimen(days_ago(20), mg), regimen(days_ago(9), 55)))


def level_now(mg: int, since_days: int) -> PatientRecord:
    return plain_record(regimens=(regimen(FIRST, 60), regimen(days_ago(since_days), mg)))


BESIDE_LIMITS = (75, 78, 80, 85, 95, 190, 195, 198, 200)
RECORDS = {
    "the story": ashdown(),
    **{f"a dose of {days} days before a long plan": a_long_plan_ahead(days) for days in (0, 1, 3, 7, 20)},
    **{f"{mg} mg beside the limits": level_at(mg) for mg in BESIDE_LIMITS},
    **{f"{mg} mg since {days} days": level_now(mg, days) for mg in BESIDE_LIMITS for days in (0, 2, 40)},
}


def boxes(svg: str) -> Iterator[tuple[str, Box]]:
    """Words of the dose band with the room that they take."""
    for each in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        place = Place(float(each.get("x", 0)), float(each.get("y", 0)), each.get("text-anchor", "start"))
        if place.y <= DOSE_BOTTOM + 10:
            strong = "t-strong" in each.get("class", "") or "t-critical" in each.get("class", "")
            yield each.text or "", place.box(text_width(each.text or "", strong=strong))


def limits(svg: str) -> Iterator[tuple[str, Box]]:
    for each in ElementTree.fromstring(svg).iter(f"{SVG}line"):
        if each.get("class") in ("maximum", "ceiling"):
            y = float(each.get("y1", 0))
            yield f"line of the {each.get('class')}", Box(float(each.get("x1", 0)), y, float(each.get("x2", 0)), y)


def meets(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top <= other.bottom and other.top <= one.bottom


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("width", [832, 358])
@pytest.mark.parametrize("shown", ["1m", "3m", "6m", "all"])
def test_words_stand_apart(name: str, width: int, shown: str) -> None:
    model = model_of(RECORDS[name], *([ABRUPT_STOP] if name == "the story" else []))
    svg = chart_svg(model, width=width, range=shown)
    words, lines = list(boxes(svg)), list(limits(svg))
    pairs = [*combinations(words, 2), *((word, line) for word in words for line in lines)]
    assert [(one[0], other[0]) for one, other in pairs if meets(one[1], other[1])] == []


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("width", [832, 358])
def test_the_dose_taken_now_is_always_written(name: str, width: int) -> None:
    model = model_of(RECORDS[name], *([ABRUPT_STOP] if name == "the story" else []))
    now = next(step.mcg for step in reversed(model.dose.taken) if step.mcg is not None)
    for shown in ("1m", "3m", "6m", "all"):
        words = [text for text, _ in boxes(chart_svg(model, width=width, range=shown))]
        assert any(text.startswith(f"{now // 1000} taken") or text == str(now // 1000) for text in words), shown


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("width", [832, 358])
def test_every_line_of_a_limit_has_its_name(name: str, width: int) -> None:
    for shown in ("1m", "3m", "6m", "all"):
        svg = chart_svg(model_of(RECORDS[name]), width=width, range=shown)
        words = " ".join(text for text, _ in boxes(svg))
        assert [line for line, _ in limits(svg) if line.split()[-1] not in words] == [], shown

"""The chart as a table, its readout, its component on a page, and the sparkline."""

import json
import re
from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string

from tests.charts.ashdown import ABRUPT_STOP, TODAY, ashdown, flag, intake, regimen, symptom
from tests.charts.test_model import FIRST, model_of, plain_record
from tests.charts.test_svg import HOSTILE
from titration.charts import chart_page, chart_readout, chart_rows, spark_path
from titration.domain.history import DoseHistory
from titration.domain.record import IntakeKind

NBSP = "\u00a0"


def test_the_table_has_one_row_a_day_newest_first_with_the_same_data() -> None:
    rows = chart_rows(model_of(ashdown(), ABRUPT_STOP)).rows
    days = [row.on for row in rows]
    assert days == sorted(set(days), reverse=True)
    stop = next(row for row in rows if row.on == date(2026, 11, 12))
    assert (stop.taken, stop.prescribed) == (f"0{NBSP}mg/day", f"60{NBSP}mg/day")
    assert "Abrupt stop, 60 → 0, tablets ran out" in stop.events
    today = next(row for row in rows if row.on == TODAY)
    assert today.scores == "spasticity 7, pain 4"
    assert TODAY + timedelta(days=1) not in days


def test_the_table_says_what_it_leaves_out() -> None:
    changes = tuple(regimen(TODAY - timedelta(days=n), 20 + 5 * (n % 7)) for n in range(5_000))
    table = chart_rows(model_of(plain_record(regimens=changes)))
    assert len(table.rows) == 400
    assert any("changes" in note for note in table.notes)
    assert any("time line holds all" in note for note in table.notes)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (TODAY, ("spasticity", "7")),
        (date(2026, 11, 12), ("spasticity", "4 on 9 Nov")),
        (date(2026, 7, 17), ("", "sedation grade 2")),
        (date(2026, 11, 16), ("plan", f"50{NBSP}mg/day")),
    ],
)
def test_the_readout_tells_one_day(on: date, expected: tuple[str, str]) -> None:
    assert expected in chart_readout(model_of(ashdown(), ABRUPT_STOP), on)


def test_the_readout_says_not_known() -> None:
    unknown = intake(IntakeKind.UNKNOWN, date(2026, 10, 1), None)
    assert ("taken", "not known") in chart_readout(model_of(plain_record(intakes=(unknown,))), TODAY)


def test_the_component_works_as_links_and_pictures_and_hostile_text_is_inert() -> None:
    record = plain_record(
        symptoms=(symptom(FIRST, "other"), symptom(FIRST, HOSTILE)), flags=(flag(FIRST, "W1", "high", HOSTILE),)
    )
    page = chart_page(model_of(record), asked_range="6m", query=[("kind", "dose"), ("range", "1m")])
    html = render_to_string("components/chart.html", {"chart": page})
    assert html.count("</script>") == 1
    assert "<svg onload" not in html
    assert "\u2028" not in re.findall(r'<script id="chart-data"[^>]*>(.*?)</script>', html, re.DOTALL)[0]
    assert 'href="?kind=dose&amp;range=6m" aria-current="true"' in html
    assert html.count('role="img"') == 2
    assert "style=" not in html


def test_the_data_for_the_canvas_can_be_read_back() -> None:
    model = model_of(ashdown(), ABRUPT_STOP)
    html = render_to_string("components/chart.html", {"chart": chart_page(model)})
    data = re.findall(r'<script id="chart-data" type="application/json">(.*?)</script>', html, re.DOTALL)[0]
    assert json.loads(data) == model.as_json()


@pytest.mark.parametrize("asked", ["", "2w", "<svg>", "3m "])
def test_an_unknown_range_is_the_models_own(asked: str) -> None:
    page = chart_page(model_of(ashdown(), ABRUPT_STOP), asked_range=asked)
    assert [words for words, _, is_shown in page.ranges if is_shown] == ["3 months"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ([], ""),
        ([(0, 80_000)], "M0 2H112"),
        ([(0, 0)], "M0 22H112"),
        ([(0, 80_000), (28, 40_000)], "M0 2H56V12H112"),
        ([(0, 80_000), (14, None), (28, 40_000)], "M0 2H28M56 12H112"),
        ([(0, 160_000), (28, 80_000)], "M0 2H56V12H112"),
        ([(-400, 80_000)], "M0 2H112"),
    ],
    ids=["nothing", "labelled maximum", "zero", "a drop", "a gap", "above the usual scale", "long unchanged"],
)
def test_the_sparkline_steps_through_eight_weeks(changes: list[tuple[int, int | None]], path: str) -> None:
    assert spark_path(DoseHistory.of(changes).span(0, 55)) == path

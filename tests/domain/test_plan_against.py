"""A plan against what was taken: how far behind and how far apart, from which days, at each edge."""

from datetime import timedelta

import pytest

from tests.domain.test_plan_versions import FIRST, plan
from titration.domain.history import DoseHistory
from titration.domain.plan_against import Against, against, apart_words, behind_words, course_words
from titration.domain.record import PlanKind

BEFORE_MG = 50


def taken(*changes: tuple[int, int | None]) -> DoseHistory:
    """(days after the first step, mg a day)."""
    return DoseHistory.of((FIRST.toordinal() + day, None if mg is None else mg * 1000) for day, mg in changes)


def found(history: DoseHistory, day: int, kind: PlanKind = PlanKind.TAPER) -> Against | None:
    drawn = plan([40, 30, 20] if kind is PlanKind.TAPER else [60, 70, 80], kind=kind)
    return against(drawn, history, start_mcg=BEFORE_MG * 1000, today=FIRST + timedelta(days=day))


AS_PLANNED = taken((-9, 50), (0, 40), (7, 30), (14, 20))
STAYS_AT_50 = taken((-9, 50))
STAYS_AT_40 = taken((-9, 50), (0, 40))


@pytest.mark.parametrize(
    ("history", "day", "days_behind", "apart_mg"),
    [
        pytest.param(AS_PLANNED, 0, 0, 0, id="on plan on the first day"),
        pytest.param(AS_PLANNED, 13, 0, 0, id="on plan on the last day of a step"),
        pytest.param(AS_PLANNED, 14, 0, 0, id="on plan on the day of the next"),
        pytest.param(STAYS_AT_50, 0, 1, 10, id="one day behind on the day of the step that was not begun"),
        pytest.param(STAYS_AT_50, 1, 2, 10, id="and one more each day"),
        pytest.param(STAYS_AT_40, 6, 0, 0, id="not behind before the next step's day"),
        pytest.param(STAYS_AT_40, 7, 1, 10, id="behind from that day on"),
        pytest.param(STAYS_AT_40, 20, 14, 20, id="behind by the days since, not by steps"),
        pytest.param(taken((-9, 50), (0, 30)), 0, -7, -10, id="ahead until the plan comes to it"),
        pytest.param(taken((-9, 50), (0, 30)), 6, -1, -10, id="ahead by one day on the day before"),
        pytest.param(taken((-9, 50), (0, 30)), 7, 0, 0, id="no longer ahead on that day"),
        pytest.param(taken((-9, 50), (0, 35)), 3, -4, -5, id="between two steps counts to the lower one"),
        pytest.param(taken((-9, 50), (0, 35)), 8, 2, 5, id="between two steps counts from the higher one"),
        pytest.param(taken((-9, 50), (0, 10)), 3, None, -30, id="the plan never comes so low"),
        pytest.param(taken((-9, 60)), 3, None, 20, id="the plan never stood so high"),
    ],
)
def test_behind_and_apart_in_a_taper(history: DoseHistory, day: int, days_behind: int | None, apart_mg: int) -> None:
    figures = found(history, day)
    assert figures is not None
    assert (figures.days_behind, figures.apart_now_mcg) == (days_behind, apart_mg * 1000)


@pytest.mark.parametrize(
    ("history", "day", "days_behind"),
    [
        pytest.param(taken((-9, 50)), 0, 1, id="a rise not begun"),
        pytest.param(taken((-9, 50), (0, 70)), 6, -1, id="a rise begun early"),
        pytest.param(taken((-9, 50), (0, 60), (7, 70)), 7, 0, id="on plan"),
    ],
)
def test_a_titration_is_the_mirror_of_it(history: DoseHistory, day: int, days_behind: int) -> None:
    figures = found(history, day, PlanKind.TITRATION)
    assert figures is not None
    assert figures.days_behind == days_behind


def test_nothing_is_said_before_the_first_step() -> None:
    assert found(AS_PLANNED, -1) is None


def test_an_unknown_day_is_counted_apart_and_today_is_not_guessed() -> None:
    figures = found(taken((-9, 50), (0, 40), (2, None)), 3)
    assert figures is not None
    assert (figures.known_days, figures.unknown_days, figures.apart_days) == (2, 2, 0)
    assert (figures.days_behind, figures.apart_now_mcg) == (None, None)
    assert behind_words(figures) == "Not known: nobody says what is taken"


def test_the_days_that_differ_are_named_and_summed_up() -> None:
    figures = found(taken((-9, 50), (0, 40), (2, 50), (4, 40)), 6)
    assert figures is not None
    assert (figures.apart_days, figures.apart_mcg) == (2, 20_000)
    words = course_words(figures).replace("\u00a0", " ")
    assert words == "2 of 7 days differ, first on 18 Nov, last on 19 Nov: 20 mg more in all"


def test_more_on_one_day_and_less_on_another_are_as_much_in_all() -> None:
    figures = found(taken((-9, 50), (0, 50), (1, 30), (2, 40)), 6)
    assert figures is not None
    assert course_words(figures).endswith("as much in all")


def test_a_dose_that_the_plan_never_stands_at_is_said_to_be_off_its_course() -> None:
    figures = found(taken((-9, 50), (0, 10)), 3)
    assert figures is not None
    assert behind_words(figures).replace("\u00a0", " ") == "Not on the plan's course: it never stands at 10 mg/day"
    assert apart_words(figures).replace("\u00a0", " ") == "30 mg less today: 10 mg/day taken, 40 mg/day planned"


def test_where_nothing_is_known_of_today_only_the_plan_is_said() -> None:
    figures = found(taken((-9, 50), (0, 40), (2, None)), 3)
    assert figures is not None
    assert apart_words(figures).replace("\u00a0", " ") == "40 mg/day planned today"
    words = course_words(figures).replace("\u00a0", " ")
    assert words == "No difference on 2 days since 16 Nov; 2 days not known"


def test_days_that_only_the_plan_speaks_of_are_counted_as_unconfirmed() -> None:
    days = frozenset(FIRST.toordinal() + day for day in (0, 1, 9))
    figures = against(plan([40, 30]), STAYS_AT_40, start_mcg=50_000, today=FIRST + timedelta(days=3), unconfirmed=days)
    assert figures is not None
    assert course_words(figures).endswith("since 16\u00a0Nov; 2 days unconfirmed")
    assert apart_words(figures).replace("\u00a0", " ") == "Nothing: 40 mg/day planned and taken today"
    assert behind_words(figures) == "On plan today"


def test_the_words_name_the_day_that_the_figure_comes_from() -> None:
    behind, ahead = found(STAYS_AT_50, 3), found(taken((-9, 50), (0, 30)), 3)
    assert behind is not None
    assert ahead is not None
    assert behind_words(behind).replace("\u00a0", " ") == "4 days behind: the plan left 50 mg/day after 15 Nov"
    assert behind_words(ahead).replace("\u00a0", " ") == "4 days ahead: the plan comes to 30 mg/day on 23 Nov"
    assert apart_words(behind).replace("\u00a0", " ") == "10 mg more today: 50 mg/day taken, 40 mg/day planned"


def test_a_rise_within_a_taper_is_met_on_its_last_day() -> None:
    """Stepped back: 40, again 50, then 40 and 30. Who still takes 50 on the day of the second 40 is one day behind."""
    figures = against(plan([40, 50, 40, 30]), STAYS_AT_50, start_mcg=50_000, today=FIRST + timedelta(days=14))
    assert figures is not None
    assert (figures.days_behind, figures.stood_on) == (1, FIRST + timedelta(days=13))

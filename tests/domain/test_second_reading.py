"""The engine against a second, independent reading of the same definitions."""

from collections import Counter

from tests.domain.second_reading import compared

COURSES = 400


def test_the_engine_and_a_second_reading_agree_on_random_courses() -> None:
    answers = list(compared(COURSES))
    assert [(course, engine, second) for course, engine, second in answers if engine != second] == []
    seen = Counter((rule, level) for _, engine, _ in answers for rule, level in engine.items())
    assert {level for rule, level in seen if rule == "W1"} == {1, 2, 3}
    assert {level for rule, level in seen if rule == "W2"} == {0, 1, 2, 3}
    assert {level for rule, level in seen if rule == "W3"} == {0, 1, 2, 3}

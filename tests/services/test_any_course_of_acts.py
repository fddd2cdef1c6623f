"""Any course of acts on one patient: every place says the dose that is prescribed, and what was shown is what is saved.

Few courses here, and the same at every run; `make random-cases` follows as many as one likes.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.course_of_acts import CourseOfActs

COURSES = int(os.environ.get("TITRATION_RANDOM_COURSES", "0"))
SETTINGS = settings(
    max_examples=COURSES or 10, stateful_step_count=25 if COURSES else 18, deadline=None, derandomize=not COURSES,
    database=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.mark.django_db
def test_every_place_says_the_same_dose_after_any_course_of_acts() -> None:
    run_state_machine_as_test(CourseOfActs, settings=SETTINGS)

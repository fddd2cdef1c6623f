"""SQLite is told how large its tables are, so that the worklist asks for what waits and not for all patients."""

from itertools import count
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from tests.factories import NOW
from tests.services.acts import raised_flag
from titration.backups.contents import filled_tables, rows_of
from titration.models import Flag, Membership, Patient, TreatmentStatus
from titration.models.flags import WAITING
from titration.services.table_sizes import count_tables

PATIENTS = 500
only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL counts by itself")


def instructions_of(rows: QuerySet[Any, Any]) -> int:
    """What SQLite takes to answer, as its own machine counts: one patient looked at is several."""
    counted = count()
    connection.connection.set_progress_handler(lambda: next(counted) < 0, 1)
    try:
        list(rows.all())
    finally:
        connection.connection.set_progress_handler(None, 0)
    return next(counted)


@only_sqlite
def test_waiting_flags_are_found_without_walking_through_all_patients(alice: Membership, patient: Patient) -> None:
    raised_flag(alice, patient)
    who = {"clinic": alice.clinic, "registered_by": alice.user, "registered_at": NOW, "birth_date": patient.birth_date}
    Patient.objects.bulk_create(Patient(identifier=f"R-{number}", **who) for number in range(PATIENTS))
    waiting = Flag.objects.filter(
        state__in=WAITING, patient__clinic=alice.clinic, patient__treatment_status=TreatmentStatus.UNDER_TREATMENT
    )
    count_tables()
    assert instructions_of(waiting) < PATIENTS


@only_sqlite
@pytest.mark.django_db
def test_a_round_of_reassess_counts_and_leaves_the_database_as_empty_as_before() -> None:
    before, filled = rows_of("default"), filled_tables("default")
    call_command("reassess")
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT COUNT(*) FROM sqlite_stat1").fetchone()[0]
    assert (rows_of("default"), filled_tables("default")) == (before, filled)

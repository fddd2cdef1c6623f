"""What was written stays written: audit, logs and entries, by any road the database offers."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, make_plan, slow_taper
from tests.services.acts import raised_flag
from titration.models import AuditEvent, Membership, Patient
from titration.services.conditions import record_condition

LOGS = ("auditevent", "flagevent", "planevent")


def _refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def written(alice: Membership, patient: Patient) -> None:
    raised_flag(alice, patient)
    make_plan(alice, patient, slow_taper())
    record_condition(actor=alice, patient=patient, code="stroke", now=NOW)


@pytest.mark.parametrize("log", LOGS)
def test_a_log_is_neither_changed_nor_emptied(log: str, written: None) -> None:
    _refused(
        f"UPDATE titration_{log} SET detail = '{{}}'"
        if log != "flagevent"
        else "UPDATE titration_flagevent SET text = ''"
    )
    _refused(f"DELETE FROM titration_{log}")


@pytest.mark.postgresql
@pytest.mark.parametrize("log", LOGS)
def test_a_log_is_not_truncated(log: str, written: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _refused(f"TRUNCATE titration_{log}")


@pytest.mark.sqlite
def test_an_audit_row_is_not_replaced(written: None) -> None:
    columns = ", ".join(field.column for field in AuditEvent._meta.local_fields)
    _refused(
        f"INSERT OR REPLACE INTO titration_auditevent ({columns}) SELECT {columns} FROM titration_auditevent LIMIT 1"
    )


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("regimenchange", "morning_mcg"),
        ("regimenchange", "starts_on"),
        ("regimenchange", "recorded_at"),
        ("planstep", "midday_mcg"),
        ("patientfact", "kind"),
        ("patientfact", "tenths"),
        ("patientfact", "note"),
    ],
)
def test_what_was_entered_is_never_changed(table: str, column: str, written: None) -> None:
    _refused(f"UPDATE titration_{table} SET {column} = {column}")
    _refused(f"DELETE FROM titration_{table}")


def test_where_an_entry_stands_may_move(patient: Patient) -> None:
    patient.regimenchanges.update(superseded_by=None)

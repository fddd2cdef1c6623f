"""Rows 44 to 47: a name stays where it belongs, every look leaves its row, and no row is ever changed."""

import logging
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests.abuse.plans import makeable_taper
from tests.addresses import NOT_ALLOWED, OK, ROWS, SCOPED
from tests.append_only import triggers_lifted
from tests.factories import NOW, change_dose, make_patient, make_plan, regimen
from tests.house import House, send, signed_in
from tests.services.acts import critical_flag
from titration.exports import FORMATS
from titration.logs import JsonFormatter, NamelessFormatter, RouteNameFilter
from titration.models import AuditEvent, Membership, Patient, SharedValue
from titration.services.audit import broken_links, head_digest

SignIn = Callable[[Membership], Client]
CANARY = "Canaryfinch"
TABLE = "titration_auditevent"
# What names the person on purpose, or holds the notes that name them.
HOLDS_NAMES = {"titration_patient"}


@pytest.fixture(
    params=[NamelessFormatter("{levelname} {name} {message}", style="{"), JsonFormatter()], ids=["desk", "server"]
)
def log(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """Every record of every logger, as the product's own handler would write it."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    handler.addFilter(RouteNameFilter())
    handler.setFormatter(request.param)
    root, before = logging.getLogger(), logging.getLogger().level
    for logger in (root, logging.getLogger("django")):
        logger.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield heard
    for logger in (root, logging.getLogger("django")):
        logger.removeHandler(handler)
    root.setLevel(before)


def carry_the_canary_everywhere(client: Client, patient: Patient, actor: Membership) -> list[int]:
    """Every page, a refused form, a page that does not exist, a broken one, every export."""
    ids, statuses = [patient.public_id], []
    plan = make_plan(actor, patient, makeable_taper())
    flag = critical_flag(actor, patient)
    kinds = {"plan_id": plan.public_id, "flag_id": flag.public_id, "patient_id": patient.public_id}
    for name, row in ROWS.items():
        if row.get == OK and set(row.ids) <= set(kinds):
            statuses.append(client.get(reverse(name, kwargs={each: kinds[each] for each in row.ids})).status_code)
    files = [reverse("plan_export", args=[*ids, plan.public_id, *name.split(".")]) for name in FORMATS]
    statuses.extend(client.get(address).status_code for address in files)
    client.post(reverse("find_patients"), {"q": CANARY})
    client.post(reverse("log_dose", args=ids), {"note": CANARY, "morning": CANARY, "key": CANARY})
    client.post(reverse("log_dose", args=ids), {f"{CANARY}{number}": "1" for number in range(1001)})
    client.get(f"/patients/{CANARY}/")
    client.get(f"{reverse('patient', args=ids)}?kind={CANARY}")
    return statuses


def test_row_44_a_canary_stays_out_of_logs_cache_sessions_and_temporary_files(
    as_member: SignIn, alice: Membership, log: StringIO
) -> None:
    started = set(Path(tempfile.gettempdir()).iterdir())
    patient = make_patient(alice, family_name=CANARY, given_name=f"{CANARY}-given", identifier="SP-CANARY")
    client = as_member(alice)
    statuses = carry_the_canary_everywhere(client, patient, alice)
    assert set(statuses) == {200}
    assert len(statuses) > 20
    client.raise_request_exception = False
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr("titration.views.patients.page_context", _break)
        assert client.get(reverse("patient", args=[patient.public_id])).status_code == 500
    assert CANARY not in log.getvalue()
    assert "ValueError" in log.getvalue()
    assert CANARY not in str(_session_contents(client))
    assert _tables_with(CANARY) == HOLDS_NAMES
    shared = [b64decode(value) for value in SharedValue.objects.values_list("value", flat=True)]
    assert not [value for value in shared if CANARY.encode() in value]
    for path in set(Path(tempfile.gettempdir()).iterdir()) - started:
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def _break(*_: Any) -> Any:
    raise ValueError(f"No such thing about {CANARY}")


def _session_contents(client: Client) -> dict[str, Any]:
    return dict(client.session.items())


def _tables_with(text: str) -> set[str]:
    """Every table of the database that holds the text in any column: sessions and cache are tables too."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            cast = "TEXT" if connection.vendor == "sqlite" else "text"
            tests = " OR ".join(f"CAST({connection.ops.quote_name(each.name)} AS {cast}) LIKE %s" for each in columns)
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} WHERE {tests} LIMIT 1",
                           [f"%{text}%"] * len(columns))  # fmt: skip
            if cursor.fetchone():
                found.add(table)
    return found


def test_row_45_every_look_at_a_patient_leaves_its_row(house: House, alice: Membership, patient: Patient) -> None:
    client = signed_in(alice)
    for name, row in SCOPED.items():
        method = "GET" if row.get != NOT_ALLOWED else "POST"
        before = AuditEvent.objects.count()
        answer = send(client, method, house.address(name))
        told = list(AuditEvent.objects.order_by("pk")[before:])
        assert told, name
        assert {each.actor_id for each in told} == {alice.user_id}, name
        if answer.status_code == OK:
            assert {each.patient_public_id for each in told} == {patient.public_id}, name


def test_row_45_every_export_leaves_its_row_with_its_format(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client, plan = as_member(alice), make_plan(alice, patient, makeable_taper())
    for name in FORMATS:
        before = AuditEvent.objects.count()
        answer = client.get(reverse("plan_export", args=[patient.public_id, plan.public_id, *name.split(".")]))
        assert answer.status_code == OK, name
        (row,) = AuditEvent.objects.order_by("pk")[before:]
        assert (row.action, row.detail["format"], row.patient_public_id) == (
            "plan.exported", name, patient.public_id
        )  # fmt: skip


COLUMNS = ", ".join(field.column for field in AuditEvent._meta.local_fields)
FORBIDDEN_SQL = {
    "changed": f"UPDATE {TABLE} SET action = 'x'",
    "deleted": f"DELETE FROM {TABLE}",
    "replaced": f"INSERT OR REPLACE INTO {TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {TABLE} LIMIT 1",
    "changed by an insert": f"INSERT INTO {TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {TABLE} LIMIT 1 "
    "ON CONFLICT (id) DO UPDATE SET action = 'x'",
    "truncated": f"TRUNCATE {TABLE}",
}
ONLY_ON = {"replaced": "sqlite", "truncated": "postgresql"}


@pytest.mark.parametrize("how", FORBIDDEN_SQL)
def test_row_46_no_row_of_the_audit_is(how: str, patient: Patient) -> None:
    if ONLY_ON.get(how, connection.vendor) != connection.vendor:
        pytest.skip(f"a statement of {ONLY_ON[how]}")
    sql = FORBIDDEN_SQL[how]
    if how == "changed by an insert" and connection.vendor == "sqlite":
        sql = sql.replace("LIMIT 1 ON", "WHERE true LIMIT 1 ON")
    before = list(AuditEvent.objects.order_by("pk").values_list())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert list(AuditEvent.objects.order_by("pk").values_list()) == before


def tampered(sql: str, *values: Any) -> None:
    with triggers_lifted(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def five_rows(alice: Membership, patient: Patient) -> list[AuditEvent]:
    for mg in (15, 14, 13, 12):
        change_dose(alice, patient, regimen(20, 20, mg))
    return list(AuditEvent.objects.order_by("pk"))


@pytest.mark.parametrize(
    "column", ["action = 'x'", "actor_id = NULL", "detail = '{}'", "at = '2020-01-01 00:00:00+00'"]
)
def test_row_46_a_changed_row_is_named(column: str, five_rows: list[AuditEvent]) -> None:
    tampered(f"UPDATE {TABLE} SET {column} WHERE id = %s", five_rows[2].pk)
    with pytest.raises(CommandError, match=rf"breaks at row {five_rows[2].pk},"):
        call_command("verify_audit")


def test_row_46_a_changed_row_with_its_digest_made_anew_is_found_at_the_next(five_rows: list[AuditEvent]) -> None:
    forged = five_rows[2]
    forged.action = "x"
    tampered(f"UPDATE {TABLE} SET action = 'x', digest = %s WHERE id = %s", forged.own_digest(), forged.pk)
    with pytest.raises(CommandError, match=rf"breaks at row {five_rows[3].pk},"):
        call_command("verify_audit")


def test_row_46_a_removed_row_is_found_at_the_next(five_rows: list[AuditEvent]) -> None:
    tampered(f"DELETE FROM {TABLE} WHERE id = %s", five_rows[2].pk)
    with pytest.raises(CommandError, match=rf"breaks at row {five_rows[3].pk},"):
        call_command("verify_audit")


def test_row_46_a_row_put_in_is_named(five_rows: list[AuditEvent]) -> None:
    last = five_rows[-1]
    put_in = AuditEvent(action="x", at=NOW, clinic=last.clinic, actor=last.actor, previous_digest="f" * 64)
    put_in.digest = put_in.own_digest()
    put_in.save(force_insert=True)
    with pytest.raises(CommandError, match=rf"breaks at row {put_in.pk},"):
        call_command("verify_audit")


def test_row_46_an_end_cut_off_is_found_by_the_head_that_was_kept(five_rows: list[AuditEvent]) -> None:
    printed = StringIO()
    call_command("verify_audit", head=True, stdout=printed)
    head = printed.getvalue().strip()
    assert head == head_digest() == five_rows[-1].digest
    call_command("verify_audit", against=head)
    tampered(f"DELETE FROM {TABLE} WHERE id >= %s", five_rows[-2].pk)
    assert list(broken_links()) == []
    with pytest.raises(CommandError, match=rf"ends at row {five_rows[-3].pk},"):
        call_command("verify_audit", against=head)


def test_row_46_a_head_kept_long_ago_still_holds(alice: Membership, five_rows: list[AuditEvent]) -> None:
    make_patient(alice)
    call_command("verify_audit", against=five_rows[1].digest)
    call_command("verify_audit", against=five_rows[1].digest.upper())


def test_row_47_no_page_of_a_patient_is_kept(house: House, alice: Membership) -> None:
    client = signed_in(alice)
    page = client.get(house.address("patient")).content.decode()
    for name, row in ROWS.items():
        method = "GET" if row.get != NOT_ALLOWED else "POST"
        answer = send(client, method, house.address(name))
        assert "no-store" in answer.headers["Cache-Control"], name
    assert '"historyCacheSize": 0' in page
    assert '"refreshOnHistoryMiss": true' in page

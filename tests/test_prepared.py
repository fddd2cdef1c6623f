"""A query whose SQL is written once answers for every value as the query itself would."""

import gc
from datetime import date
from threading import Thread
from typing import Any
from weakref import WeakSet

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from tests.factories import make_patient
from titration.models import Membership, Patient
from titration.selectors import get_patient
from titration.selectors.prepared import Prepared

pytestmark = pytest.mark.django_db


def born(before: date, *patients: int) -> QuerySet[Any, Any]:
    rows = Patient.objects.filter(Q(birth_date__lte=before), pk__in=patients)
    return rows.order_by("pk").values_list("pk", "public_id", "birth_date", "registered_at")


def test_each_call_answers_for_its_own_values(alice: Membership) -> None:
    first, second = make_patient(alice), make_patient(alice)
    prepared, today = Prepared(born), date(2026, 11, 13)
    for asked in ((today, first.pk), (today, second.pk), (today, first.pk, second.pk), (date(1800, 1, 1), first.pk)):
        assert list(prepared(*asked)) == list(born(*asked))


def test_what_is_written_after_the_first_call_is_found(alice: Membership) -> None:
    prepared, today = Prepared(born), date(2026, 11, 13)
    patient = make_patient(alice)
    assert list(prepared(today, patient.pk + 1)) == []
    Patient.objects.filter(pk=patient.pk).update(birth_date=date(1970, 1, 2))
    assert [row[2] for row in prepared(today, patient.pk)] == [date(1970, 1, 2)]


def test_each_call_is_one_query() -> None:
    prepared = Prepared(born)
    with CaptureQueriesContext(connection) as captured:
        list(prepared(date(2026, 11, 13), 1))
        list(prepared(date(2026, 11, 13), 2))
    assert len(captured) == 2


@pytest.mark.parametrize(("keys", "queries"), [(0, 0), (1, 1), (50, 1), (51, 2)])
def test_any_number_of_keys_has_one_sql_for_fifty(alice: Membership, keys: int, queries: int) -> None:
    patients = [make_patient(alice).pk for _ in range(min(keys, 2))]
    unknown = [max(patients, default=0) + 1 + number for number in range(keys - len(patients))]
    prepared = Prepared(born)
    with CaptureQueriesContext(connection) as captured:
        found = list(prepared.of([*patients, *unknown], date(2026, 11, 13)))
    assert [row[0] for row in found] == patients
    assert len(captured) == queries


def test_a_whole_row_comes_with_those_that_it_names(alice: Membership, bob: Membership) -> None:
    nobody_s, hers = make_patient(alice), make_patient(alice, responsible=alice)
    with CaptureQueriesContext(connection) as captured:
        found = get_patient(bob, hers.public_id)
        assert (found.responsible, found.responsible.user.full_name) == (alice, alice.user.full_name)
        assert get_patient(bob, nobody_s.public_id).responsible is None
    assert len(captured) == 2
    read = Patient.objects.get(pk=hers.pk)
    assert {name: getattr(found, name) for name in vars(read) if name != "_state"} == {
        name: value for name, value in vars(read).items() if name != "_state"
    }
    assert not found._state.adding


def test_the_connection_of_a_thread_that_ended_is_let_go() -> None:
    prepared, seen = Prepared(born), WeakSet[BaseDatabaseWrapper]()

    def ask() -> None:
        own = connections["default"]
        seen.add(own)
        list(prepared(date(2026, 11, 13), 1))
        BaseDatabaseWrapper.close(own)  # SQLite's own leaves a database in memory open

    threads = [Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
        thread.join()
    gc.collect()
    assert list(seen) == []

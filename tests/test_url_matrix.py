"""Every address against everybody: a visitor, another clinic, a reader; with every method a browser may send.

An address without its row fails the first test, so that none is added without saying who may use it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import URLPattern, get_resolver, reverse

from tests.addresses import METHODS, NOT_ALLOWED, NOT_FOUND, OK, ROWS, SCOPED, SEE_OTHER, SIGN_IN
from tests.house import House, expected, send, signed_in
from titration.models import Membership


def test_every_address_has_its_row() -> None:
    """A new address: one line in ROWS. `get` and `post` are what a reader gets; where that is a 403, `who` says for
    whom it is not. tests/test_rights_matrix.py then asks it as everybody.
    """
    names = {pattern.name for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)}
    assert names == set(ROWS)
    assert len(get_resolver().url_patterns) == len(ROWS), "two addresses share a name, or one is included unseen"


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.public])
def test_a_visitor_is_sent_to_sign_in(house: House, name: str) -> None:
    for method in METHODS:
        response = send(house.visitor, method, house.address(name))
        assert response.status_code == SEE_OTHER, method
        assert response.url.startswith(reverse(SIGN_IN)), method
        assert b"Ashdown" not in response.content


@pytest.mark.parametrize("name", SCOPED)
def test_another_clinic_finds_what_an_unknown_id_finds(house: House, name: str) -> None:
    for method in METHODS:
        theirs = send(house.stranger, method, house.address(name))
        unknown = send(house.stranger, method, house.address(name, patient_id=uuid4()))
        closed = NOT_ALLOWED if expected(SCOPED[name], method) == NOT_ALLOWED else NOT_FOUND
        assert (theirs.status_code, unknown.status_code) == (closed, closed), method
        assert theirs.content == unknown.content


@pytest.mark.parametrize("name", [name for name, row in SCOPED.items() if len(row.ids) > 1])
def test_an_own_patient_does_not_open_what_belongs_to_another(
    house: House, name: str, alice: Membership, bob: Membership
) -> None:
    from tests.factories import make_patient

    other: UUID = make_patient(alice).public_id
    method = "GET" if ROWS[name].get != NOT_ALLOWED else "POST"
    assert send(signed_in(alice), method, house.address(name, patient_id=other)).status_code == NOT_FOUND


@pytest.mark.parametrize("name", ROWS)
def test_a_reader_reads_and_changes_nothing(house: House, name: str) -> None:
    for method in METHODS:
        answer = send(house.reader, method, house.address(name))
        assert answer.status_code == expected(ROWS[name], method), method
        assert "no-store" in answer.headers["Cache-Control"], method


@pytest.mark.parametrize("name", ROWS)
def test_other_methods_are_no_ones(house: House, name: str) -> None:
    for method in ("TRACE", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"):
        for client in (house.reader, house.visitor):
            assert send(client, method, house.address(name)).status_code == NOT_ALLOWED, method


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.get == OK])
def test_looking_changes_nothing(
    house: House, name: str, alice: Membership, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = signed_in(alice)
    with django_assert_max_num_queries(60) as captured:
        for method in ("GET", "HEAD"):
            send(client, method, house.address(name))
    writes = [query["sql"] for query in captured if query["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    own = ("titration_session", "titration_sharedvalue", "auditevent")
    assert [sql for sql in writes if not any(table in sql for table in own)] == []

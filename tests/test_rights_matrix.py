"""Every address as every member of the clinic: who reads, who writes, who is refused, by the rows of the matrix.

The rows say it by role and by hand; titration/permissions.py is not asked, so that a right given by mistake is seen.
"""

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.addresses import FORBIDDEN, NOBODY, ROWS, SCOPED, SEE_OTHER, Row
from tests.house import House, expected, send, signed_in
from titration.models import AuditEvent, Membership

PEOPLE = ("clinician", "nurse", "pharmacist", "reader", "admin")
OUTSIDERS = ("visitor", "stranger", "disabled")
METHODS = ("GET", "POST")
SIZE = f"{len(ROWS)}-addresses-{len(PEOPLE) + len(OUTSIDERS)}-people-{len(METHODS)}-methods"
HOW = (
    "The row of {name!r} in tests/addresses.py says otherwise (left: what was answered). who=LOGGING, DRAFTING, "
    "PRESCRIBING or RUNNING says who may; seen= and done= what they get from GET and from an empty POST."
)


@pytest.fixture
def everybody(
    alice: Membership, nina: Membership, paul: Membership, bob: Membership, ada: Membership
) -> dict[str, Membership]:
    """ada runs the clinic and may otherwise only read."""
    return dict(zip(PEOPLE, (alice, nina, paul, bob, ada), strict=True))


def owed(row: Row, method: str, person: str) -> int:
    """The status that the row promises this person."""
    plain = expected(row, method)
    if plain != FORBIDDEN or person not in row.who:
        return plain
    return row.done if method == "POST" else row.seen


@pytest.mark.parametrize("size", [SIZE])
def test_the_matrix_is_whole(size: str) -> None:
    """Its size stands in the test's own name."""
    assert len(ROWS) * 8 * 2 == len(ROWS) * len(PEOPLE + OUTSIDERS) * len(METHODS)
    unsaid = [name for name, row in ROWS.items() if FORBIDDEN in (row.get, row.post) and row.who == NOBODY]
    assert unsaid == [], HOW.format(name=unsaid)


@pytest.mark.parametrize("name", ROWS)
def test_each_member_gets_what_the_row_says(
    name: str,
    house: House,
    everybody: dict[str, Membership],
) -> None:
    got = {
        (who, method): _status(house, name, method, member) for who, member in everybody.items() for method in METHODS
    }
    assert got == {(who, method): owed(ROWS[name], method, who) for who, method in got}, HOW.format(name=name)


def _status(house: House, name: str, method: str, member: Membership) -> int:
    """Each on the same rows: what one of them writes is taken back."""
    before = transaction.savepoint_create()
    answer = send(signed_in(member), method, house.address(name))
    transaction.savepoint_rollback(before)
    return int(answer.status_code)


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.public and not row.own])
def test_a_member_who_left_sees_nothing(name: str, house: House, nina: Membership) -> None:
    client = signed_in(nina)
    nina.disabled_at = timezone.now()
    nina.save()
    for method in METHODS:
        answer = send(client, method, house.address(name))
        assert answer.status_code in (SEE_OTHER, FORBIDDEN, expected(ROWS[name], method)), method
        assert answer.status_code != 200, method
        assert b"Ashdown" not in answer.content


@pytest.mark.parametrize("name", SCOPED)
def test_a_refusal_leaves_its_row(name: str, house: House, alice: Membership, charlie: Membership) -> None:
    """A reader who may not, and another clinic: who tried what is recorded, without the other clinic's ids."""
    for client, status in ((house.reader, FORBIDDEN), (house.stranger, 404)):
        for method in METHODS:
            before = AuditEvent.objects.count()
            answer: Any = send(client, method, house.address(name))
            if answer.status_code == status:
                row = AuditEvent.objects.order_by("pk")[before]
                assert row.action == "refused"
                own = row.clinic_id == alice.clinic_id
                assert (row.patient_public_id == house.ids["patient_id"]) is own
                assert own or str(house.ids["patient_id"]) not in f"{row.object_id}{row.detail}"

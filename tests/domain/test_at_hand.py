"""What a patient may have at home besides a plan's products: what was dispensed, or planned, or nobody knows."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from tests.domain.shelf import FIVE, TEN, TEN_WHOLE, TWENTY
from tests.domain.test_supply import holding
from titration.domain.at_hand import at_hand
from titration.domain.products import PRODUCTS, Product, only_tablet
from titration.domain.record import DispensingEntry, EntryStatus, PatientRecord, PlanEntry, PlanKind, PlanState
from titration.domain.regimen import Regimen

NOW = datetime(2026, 11, 13, 9, tzinfo=UTC)
TAKES_30, TAKES_15 = (Regimen.of((mcg, mcg, mcg, 0)) for mcg in (10_000, 5_000))


def dispensed(product: str, status: EntryStatus = EntryStatus.CURRENT) -> DispensingEntry:
    return DispensingEntry(
        id="d", recorded_at=NOW, recorded_by="A", status=status, on=NOW.date(), product=product, quantity=Fraction(84)
    )


def plan(*products: str, signed_at: datetime | None = NOW) -> PlanEntry:
    return PlanEntry(
        id="p", number=1, version=1, kind=PlanKind.TAPER, state=PlanState.RUNNING, steps=(), drafted_at=NOW,
        drafted_by="A", signed_at=signed_at, products=products,
    )  # fmt: skip


def has(record: PatientRecord, before: Regimen | None, products: tuple[Product, ...] = (TEN,)) -> set[Product | None]:
    return set(at_hand(record, products, before=(before,), known=PRODUCTS))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"dispensings": (dispensed(TWENTY.code),)}, {TWENTY}),
        ({"dispensings": (dispensed(TWENTY.code, EntryStatus.ENTERED_IN_ERROR),)}, set()),
        ({"dispensings": (dispensed("of another register"),)}, {None}),
        ({"plans": (plan(FIVE.code, TEN.code),)}, {FIVE, TEN}),
        ({"plans": (plan(FIVE.code, signed_at=None),)}, set()),
        ({"plans": (plan("of another register"),)}, {None}),
    ],
    ids=["nothing", "dispensed", "in error", "not known", "another plan", "a draft", "a plan of what nobody knows"],
)
def test_what_may_be_in_the_drawer(changes: dict[str, object], found: set[Product | None]) -> None:
    assert has(replace(holding(), **changes), TAKES_30) == found


def test_a_dose_that_the_products_do_not_make_comes_from_others() -> None:
    assert (has(holding(), TAKES_15), has(holding(), None)) == (set(), set())
    found = has(holding(), TAKES_15, (TEN_WHOLE,))
    assert found == {None}
    assert only_tablet([TEN_WHOLE, *found]) is None

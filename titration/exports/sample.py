"""A plan of nobody: what a clinic sees of its own words on the sheet before it saves them.

The doses are no advice and stand for any plan; the person is invented.
"""

from datetime import date, datetime, timedelta
from fractions import Fraction

from titration.domain.products import PRODUCTS
from titration.domain.record import PlanKind, PlanState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.exports.document import (
    Act,
    DocumentClinic,
    DocumentPatient,
    DocumentReview,
    DocumentStep,
    PlanDocument,
)
from titration.exports.takings import Takings

_TABLET = PRODUCTS["tablet-10-halves"]
_BORN = date(1960, 3, 2)


def sample_document(clinic: DocumentClinic, *, printed: Act) -> PlanDocument:
    """A taper in half tablets from the day after printing on; a draft, so that nobody follows it."""
    starts_on = printed.at.date() + timedelta(days=1)
    start = Regimen.of((_whole(2), _whole(1), _whole(1), _whole(1)))
    totals = (start, _lowered(3), _lowered(2), _lowered(1), _lowered(0))
    steps = tuple(
        _step(place + 1, starts_on + timedelta(weeks=place), (totals[place], totals[place + 1]))
        for place in range(len(totals) - 1)
    )
    return PlanDocument(
        id="sample", number=1, version=1, kind=PlanKind.TAPER, state=PlanState.DRAFT,
        patient=DocumentPatient(name="Sample Patient", birth_date=_BORN, identifier="SAMPLE"),
        clinic=clinic, start=start, start_recipes=_takings(start), steps=steps, ends_on=steps[-1].starts_on,
        products=(_TABLET,), quantities=((_TABLET, Fraction(63)),),
        reviews=(DocumentReview(id="sample", on=starts_on + timedelta(days=9), how="telephone", purpose=""),),
        drafted=printed, printed=printed, guidance_version="", content_hash="0" * 64,
    )  # fmt: skip


def _whole(count: int) -> int:
    return count * _TABLET.strength_mcg


def _lowered(count: int) -> Regimen:
    return Regimen.of((_whole(count) // 2, _whole(count) // 2, _whole(count) // 2, _whole(count)))


def _takings(regimen: Regimen) -> Takings:
    doses = zip(TimeOfDay, regimen.doses_mcg, strict=True)
    return {time: ((_TABLET, Fraction(mcg, _TABLET.strength_mcg)),) for time, mcg in doses if mcg}


def _step(number: int, starts_on: date, regimens: tuple[Regimen, ...]) -> DocumentStep:
    before, regimen = regimens
    return DocumentStep(
        id=f"sample-{number}", number=number, starts_on=starts_on, regimen=regimen, recipes=_takings(regimen),
        change_mcg=regimen.daily_mcg - before.daily_mcg,
    )  # fmt: skip


def printed_now(by: str, at: datetime) -> Act:
    return Act(by=by, at=at.replace(microsecond=0))

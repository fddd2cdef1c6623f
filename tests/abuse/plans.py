"""A taper that tablets of 10 mg with halves can follow, so that every export of it can be made."""

from datetime import date, timedelta

from tests.factories import TODAY, regimen
from titration.domain.regimen import Regimen


def makeable_taper() -> list[tuple[date, Regimen]]:
    """55, 50, 45 ... 0 mg/day, a week each."""
    doses = [(20, 20, 15), (20, 15, 15), (15, 15, 15), (15, 15, 10), (15, 10, 10), (10, 10, 10), (10, 10, 5)]
    doses += [(10, 5, 5), (5, 5, 5), (5, 5, 0), (5, 0, 0), (0, 0, 0)]
    return [(TODAY + timedelta(days=1 + 7 * week), regimen(*mg)) for week, mg in enumerate(doses)]

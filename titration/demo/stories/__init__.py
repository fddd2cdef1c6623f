"""The synthetic patients that demo, tests and README share: six stories of the main courses, others for the list."""

from titration.demo.stories.ashdown import ASHDOWN
from titration.demo.stories.others import HARBOUR_PATIENT, OTHERS
from titration.demo.stories.tapers import NOVAK, PRYCE
from titration.demo.stories.titrations import DUARTE, MARLOWE, TANAKA

STORIES = (MARLOWE, TANAKA, DUARTE, NOVAK, ASHDOWN, PRYCE)

__all__ = ["ASHDOWN", "DUARTE", "HARBOUR_PATIENT", "MARLOWE", "NOVAK", "OTHERS", "PRYCE", "STORIES", "TANAKA"]

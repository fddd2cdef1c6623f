"""The rules, in the order in which they are asked. One module a family; a rule is a function from a Situation to its
findings and what it could not decide.
"""

from collections.abc import Callable, Mapping

from titration.domain.rules import (
    context,
    depressants,
    interruption,
    last_dose,
    missed,
    plan,
    renal,
    response,
    sedation,
    signs,
    titration,
    withdrawal,
)
from titration.domain.situation import Answer, Situation

type Rule = Callable[[Situation], Answer]

RULES: Mapping[str, Rule] = {
    "W1": withdrawal.abrupt_stop,
    "W2": withdrawal.one_day_drop,
    "W3": withdrawal.seven_day_drop,
    "W4": last_dose.hours_since_last_dose,
    "W5": plan.taper_too_steep,
    "W6": missed.missed_doses,
    "W7": signs.signs_during_a_reduction,
    "W8": interruption.foreseeable_interruption,
    "T1": titration.increase_too_fast,
    "T2": titration.above_the_label,
    "T3": titration.above_the_ceiling,
    "S1": sedation.sedation,
    "S2": depressants.sedation_with_depressants,
    "R1": renal.kidney_function,
    "R2": renal.kidney_change,
    "C1": context.vulnerable,
    "C2": context.interactions,
    "C3": context.pregnancy,
    "N1": response.no_response,
}

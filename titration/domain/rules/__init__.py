"""The rules, in the order in which they are asked. One module a family; a rule is a function from a Situation to its
findings and what it could not decide.
"""

from collections.abc import Callable, Mapping

from titration.domain.rules import missed, plan, sedation, signs, titration, withdrawal
from titration.domain.situation import Answer, Situation

type Rule = Callable[[Situation], Answer]

RULES: Mapping[str, Rule] = {
    "W1": withdrawal.abrupt_stop,
    "W2": withdrawal.one_day_drop,
    "W3": withdrawal.seven_day_drop,
    "W5": plan.taper_too_steep,
    "W6": missed.missed_doses,
    "W7": signs.signs_during_a_reduction,
    "T1": titration.increase_too_fast,
    "T2": titration.above_the_label,
    "T3": titration.above_the_ceiling,
    "S1": sedation.sedation,
}

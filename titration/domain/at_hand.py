"""What a patient may have at home besides a plan's products, so that words of its doses name strengths where they must.

It supposes the least: whatever was ever dispensed, and what any signed plan is made of, may still be in a drawer.
"""

from collections.abc import Iterable, Mapping, Sequence

from titration.domain.products import Product, makes_exactly
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen


def at_hand(
    record: PatientRecord,
    products: Sequence[Product],
    *,
    before: Iterable[Regimen | None],
    known: Mapping[str, Product],
) -> tuple[Product | None, ...]:
    """Each once. None: something that nobody knows, such as what makes a dose that the plan's products do not make.

    products: of the plan. before: what is taken until it begins. known: by code, what a plan may be made of.
    """
    dispensed = [entry.made for entry in record.dispensings if entry.counts]
    planned = [known.get(code) for plan in record.plans if plan.signed_at for code in plan.products]
    doses = {mcg for regimen in before if regimen for mcg in regimen.doses_mcg if mcg}
    unmade = [None for mcg in doses if not makes_exactly(mcg, tuple(products))]
    return tuple(dict.fromkeys([*dispensed, *planned, *unmade]))

"""A dose as pieces of tablets, or as a measured volume of one liquid, or the sentence that says why there is none.

Tablets come first and are always exact. A liquid is used where tablets cannot make the dose; the two are never mixed
in one dose.
A liquid dose is rounded to the marks of the syringe; the recipe then says what is really measured (rule E1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product as every_choice

from titration.domain.errors import NotMakeable
from titration.domain.products.catalogue import PRODUCTS, UL_PER_ML, Product, load_measuring
from titration.domain.products.wording import bare_tablets, list_words, part_words
from titration.domain.units import RESOLUTION_MCG, show_mg

type Part = tuple[Product, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one dose is made. parts: tablets as a count (1/2, 3/2, 2), a liquid as millilitres.

    made_mcg is what the parts really hold; it differs from dose_mcg only where a liquid had to be rounded to the
    syringe's marks.
    """

    dose_mcg: int
    made_mcg: int
    parts: tuple[Part, ...] = ()

    @property
    def is_rounded(self) -> bool:
        return self.made_mcg != self.dose_mcg

    @property
    def words(self) -> str:
        """For the patient: "one 20 mg tablet and half a 10 mg tablet"; "none" for no dose."""
        return list_words([part_words(product, amount) for product, amount in self.parts])

    def table_words(self, only: Product | None) -> str:
        """For a table. only: the tablet that its heading names, as `only_tablet` found it: "one and a half tablets".

        Without it each dose names its strengths: "one 10 mg tablet", "one 20 mg and half a 10 mg".
        """
        if only is not None:
            return list_words([bare_tablets(amount) for _, amount in self.parts])
        if len(self.parts) > 1:
            return list_words([_bare(product, amount) for product, amount in self.parts])
        return self.words


def _bare(product: Product, amount: Fraction) -> str:
    """ "one 20 mg": a tablet needs no noun in a table; granules keep theirs."""
    words = part_words(product, amount)
    return words.removesuffix(" tablets").removesuffix(" tablet")


@lru_cache(maxsize=65536)
def recipe(dose_mcg: int, products: tuple[Product, ...]) -> Recipe:
    """The recipe of one dose from the chosen products.

    Of several it takes the one with the fewest halved tablets, then the fewest pieces, then the fewest products.
    Raises NotMakeable with the nearest doses that can be made, and the product that would make this one. Source: rule
    E1.
    """
    found = _find(dose_mcg, products)
    if found is None:
        raise NotMakeable(_why_not(dose_mcg, products))
    return found


@lru_cache(maxsize=65536)
def makes_exactly(dose_mcg: int, products: tuple[Product, ...]) -> bool:
    """Whether the products make this dose without any rounding."""
    found = _find(dose_mcg, products)
    return found is not None and not found.is_rounded


def _find(dose_mcg: int, products: tuple[Product, ...]) -> Recipe | None:
    if dose_mcg == 0:
        return Recipe(dose_mcg=0, made_mcg=0)
    return _from_tablets(dose_mcg, products) or _from_liquid(dose_mcg, products)


def _from_tablets(dose_mcg: int, products: tuple[Product, ...]) -> Recipe | None:
    tablets = tuple(sorted((p for p in products if not p.is_liquid), key=lambda p: -p.strength_mcg))
    choices = [parts for parts in _with_halves(dose_mcg, tablets) if parts is not None]
    if not choices:
        return None
    return Recipe(dose_mcg=dose_mcg, made_mcg=dose_mcg, parts=min(choices, key=_effort))


def _with_halves(dose_mcg: int, tablets: tuple[Product, ...]) -> Iterator[tuple[Part, ...] | None]:
    """For each choice of which tablets are halved once: the whole tablets beside them, None where the rest cannot be
    made."""
    for halved in every_choice(*[range(tablet.parts) for tablet in tablets]):
        rest = dose_mcg - sum(cut * tablet.piece_mcg for cut, tablet in zip(halved, tablets, strict=True))
        whole = _whole_tablets(rest, tuple(tablet.strength_mcg for tablet in tablets))
        if whole is None:
            yield None
            continue
        amounts = [n + Fraction(cut, t.parts) for n, cut, t in zip(whole, halved, tablets, strict=True)]
        yield tuple((tablet, amount) for tablet, amount in zip(tablets, amounts, strict=True) if amount)


def _effort(parts: tuple[Part, ...]) -> tuple[int, int, int]:
    halves = sum(amount.denominator > 1 for _, amount in parts)
    pieces = sum(-(-amount.numerator // amount.denominator) for _, amount in parts)
    return halves, pieces, len(parts)


@lru_cache(maxsize=65536)
def _whole_tablets(mcg: int, strengths: tuple[int, ...]) -> tuple[int, ...] | None:
    """How many whole tablets of each strength make this amount, with the fewest tablets; None where none do."""
    if mcg < 0 or (mcg > 0 and not strengths):
        return None
    if not strengths:
        return ()
    best: tuple[int, ...] | None = None
    for count in range(mcg // strengths[0], -1, -1):
        rest = _whole_tablets(mcg - count * strengths[0], strengths[1:])
        if rest is not None and (best is None or count + sum(rest) < sum(best)):
            best = (count, *rest)
    return best


def _from_liquid(dose_mcg: int, products: tuple[Product, ...]) -> Recipe | None:
    """The liquid that comes nearest; of two, the weaker, because a larger volume is measured more exactly."""
    recipes = [_measured(dose_mcg, product) for product in products if product.is_liquid]
    close = [made for made in recipes if made is not None]
    return min(close, key=lambda made: (abs(made.made_mcg - dose_mcg), -made.parts[0][1]), default=None)


def _measured(dose_mcg: int, liquid: Product) -> Recipe | None:
    measuring = load_measuring()
    marks = Fraction(dose_mcg * liquid.volume_ul, liquid.strength_mcg * measuring.step_ul)
    volume_ul = round(marks) * measuring.step_ul
    made_mcg = Fraction(volume_ul * liquid.strength_mcg, liquid.volume_ul)
    error = abs(made_mcg - dose_mcg)
    if made_mcg.denominator > 1 or error > dose_mcg * measuring.dose_error:
        return None
    return Recipe(dose_mcg=dose_mcg, made_mcg=int(made_mcg), parts=((liquid, Fraction(volume_ul, UL_PER_ML)),))


def nearest_makeable(dose_mcg: int, products: tuple[Product, ...]) -> tuple[int, ...]:
    """The next lower and the next higher single dose that can be made exactly; none where no product is chosen."""
    if not products:
        return ()
    reach = range(0, max(product.strength_mcg for product in products) + RESOLUTION_MCG, RESOLUTION_MCG)
    base = dose_mcg - dose_mcg % RESOLUTION_MCG
    lower = next(
        (base - gap for gap in reach if 0 < base - gap < dose_mcg and makes_exactly(base - gap, products)), None
    )
    higher = next((base + gap for gap in reach if base + gap > dose_mcg and makes_exactly(base + gap, products)), None)
    return tuple(mcg for mcg in (lower, higher) if mcg is not None)


def _why_not(dose_mcg: int, products: tuple[Product, ...]) -> str:
    """ "15 mg cannot be made from 10 mg tablets that cannot be halved. Nearest: ... It needs ..." """
    if not products:
        return "No product is chosen: choose the tablets or the liquid that the patient will use."
    chosen = "; ".join(sorted({product.name for product in products}))
    sentences = [f"{show_mg(dose_mcg)} cannot be made from the chosen products ({chosen})."]
    sentences.append(f"Nearest: {' and '.join(map(show_mg, nearest_makeable(dose_mcg, products)))}.")
    solving = list(_solving(dose_mcg, products))
    needs = " or ".join(_needed_words(dose_mcg, product) for product in solving)
    sentences.append(f"It needs {needs}." if solving else "No product that we know makes it.")
    return " ".join(sentences)


def _needed_words(dose_mcg: int, product: Product) -> str:
    if product.is_liquid:
        return product.words
    is_halved = product.parts > 1 and dose_mcg % product.strength_mcg
    return f"the {product.words}{' that can be halved' if is_halved else ''}"


def _solving(dose_mcg: int, products: tuple[Product, ...]) -> Iterable[Product]:
    """The first tablet and the first liquid of the catalogue that would make the dose exactly beside the chosen
    products."""
    for is_liquid in (False, True):
        found = (
            product
            for product in PRODUCTS.values()
            if product.is_liquid is is_liquid and makes_exactly(dose_mcg, (*products, product))
        )
        yield from [product for product in [next(found, None)] if product is not None]

"""What to take, in the words of a paper's language: "one and a half 10 mg tablets", a liquid by volume and mg.

In English the words are those of the domain, and a test holds them to it. A product of no known form is named as the
domain names it.
"""

from collections.abc import Mapping
from fractions import Fraction

from titration.domain.products import Product, ProductForm, show_ml
from titration.domain.products.catalogue import UL_PER_ML
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.units import NO_BREAK_SPACE
from titration.exports.language import Language, gettext_noop

type Parts = tuple[tuple[Product, Fraction], ...]
type Takings = Mapping[TimeOfDay, Parts]
"""What to take at a time of day: tablets as a count, a liquid in millilitres; a time without a dose may be left out."""

_COUNTS = (
    gettext_noop("none"),
    gettext_noop("one"),
    gettext_noop("two"),
    gettext_noop("three"),
    gettext_noop("four"),
    gettext_noop("five"),
    gettext_noop("six"),
    gettext_noop("seven"),
    gettext_noop("eight"),
    gettext_noop("nine"),
    gettext_noop("ten"),
    gettext_noop("eleven"),
    gettext_noop("twelve"),
)
_AND_A_HALF = (
    "",
    gettext_noop("one and a half"),
    gettext_noop("two and a half"),
    gettext_noop("three and a half"),
    gettext_noop("four and a half"),
    gettext_noop("five and a half"),
    gettext_noop("six and a half"),
    gettext_noop("seven and a half"),
    gettext_noop("eight and a half"),
    gettext_noop("nine and a half"),
    gettext_noop("ten and a half"),
    gettext_noop("eleven and a half"),
    gettext_noop("twelve and a half"),
)
_LIQUIDS = {
    "oral solution": gettext_noop("oral solution {strength}"),
    "oral suspension": gettext_noop("oral suspension {strength}"),
    "oral liquid": gettext_noop("oral liquid {strength}"),
}


def take_words(language: Language, parts: Parts, *, only: Product | None = None) -> str:
    """Everything of one dose; "none" for nothing. only: the tablet whose strength a heading names, from `only_tablet`;
    without it each part names its own.
    """
    if not parts:
        return language.gettext("none")
    said = [_part(language, *part) if only is None else _bare_tablets(language, part[1]) for part in parts]
    return language.joined(said)


def regimen_words(language: Language, regimen: Regimen, takings: Takings) -> str:
    """two 10 mg tablets three times a day; one 10 mg tablet in the morning and half a 10 mg tablet at bedtime"""
    doses = zip(TimeOfDay, regimen.doses_mcg, strict=True)
    taken = {time: _taken(language, takings.get(time, ()), mcg) for time, mcg in doses if mcg}
    if len(set(taken.values())) == 1:
        return _times_a_day(language, next(iter(taken.values())), len(taken))
    return language.joined([_at(language, time, words) for time, words in taken.items()])


def _taken(language: Language, parts: Parts, mcg: int) -> str:
    """In mg where the plan's products do not make the dose: the patient has other tablets for it."""
    return take_words(language, parts) if parts else language.mg(mcg)


def _times_a_day(language: Language, what: str, times: int) -> str:
    if times == 1:
        return language.gettext("{what} once a day", what=what)
    if times == 2:
        return language.gettext("{what} twice a day", what=what)
    if times == 3:
        return language.gettext("{what} three times a day", what=what)
    return language.gettext("{what} four times a day", what=what)


def _at(language: Language, time: TimeOfDay, what: str) -> str:
    said = {
        TimeOfDay.MORNING: gettext_noop("{what} in the morning"),
        TimeOfDay.MIDDAY: gettext_noop("{what} at midday"),
        TimeOfDay.EVENING: gettext_noop("{what} in the evening"),
        TimeOfDay.BEDTIME: gettext_noop("{what} at bedtime"),
    }
    return language.gettext(said[time], what=what)


def strength_words(language: Language, product: Product) -> str:
    """ "10 mg" of a tablet, "5 mg/5 mL" of a liquid."""
    strength = language.mg(product.strength_mcg)
    return f"{strength}/{_ml(language, Fraction(product.volume_ul, UL_PER_ML))}" if product.is_liquid else strength


def liquid_words(language: Language, product: Product) -> str:
    """ "oral solution 5 mg/5 mL", "granules 5 mg": what is no tablet, in running text."""
    strength = strength_words(language, product)
    if product.form is ProductForm.GRANULES:
        return language.gettext("granules {strength}", strength=strength)
    kind = next(kind for kind in (*_LIQUIDS, "") if product.liquid_words.startswith(kind))
    return language.gettext(_LIQUIDS[kind or "oral liquid"], strength=strength)


def amount_words(language: Language, product: Product, amount: Fraction) -> str:
    """What to fetch: whole tablets, since half a one is not sold; a liquid as its volume."""
    whole, strength = _or_more(amount), strength_words(language, product)
    if product.is_liquid:
        return f"{_ml(language, amount)} {liquid_words(language, product)}"
    if product.form is ProductForm.GRANULES:
        return language.ngettext(
            "{number} packet of granules {strength}",
            "{number} packets of granules {strength}",
            whole,
            strength=strength,
        )
    return language.ngettext(
        "{number} tablet of {strength}", "{number} tablets of {strength}", whole, strength=strength
    )


def _part(language: Language, product: Product, amount: Fraction) -> str:
    if product.is_liquid:
        return _liquid_part(language, product, amount)
    if product.form is ProductForm.GRANULES:
        return _packets(language, product, int(amount))
    return _tablets(language, product, amount)


def _liquid_part(language: Language, product: Product, amount: Fraction) -> str:
    dose = language.mg(int(amount * UL_PER_ML * product.strength_mcg / product.volume_ul))
    volume, product_words = _ml(language, amount), liquid_words(language, product)
    return language.gettext("{volume} of {product} ({dose})", volume=volume, product=product_words, dose=dose)


def _packets(language: Language, product: Product, whole: int) -> str:
    return language.ngettext(
        "{count} {strength} packet of granules",
        "{count} {strength} packets of granules",
        whole,
        count=_count(language, whole),
        strength=strength_words(language, product),
    )


def _tablets(language: Language, product: Product, amount: Fraction) -> str:
    strength = strength_words(language, product)
    if amount < 1:
        return language.gettext("half a {strength} tablet", strength=strength)
    return language.ngettext(
        "{count} {strength} tablet",
        "{count} {strength} tablets",
        _or_more(amount),
        count=_count(language, amount),
        strength=strength,
    )


def _bare_tablets(language: Language, amount: Fraction) -> str:
    if amount < 1:
        return language.gettext("half a tablet")
    return language.ngettext("{count} tablet", "{count} tablets", _or_more(amount), count=_count(language, amount))


def _or_more(amount: Fraction) -> int:
    """The number that the noun follows: one and a half are two."""
    return -(-amount.numerator // amount.denominator)


def _count(language: Language, amount: Fraction | int) -> str:
    """In words; a large number as "20 ×", since "20 10 mg tablets" would be misread."""
    whole, rest = divmod(amount, 1)
    if whole >= len(_COUNTS):
        return f"{language.number(amount)}{NO_BREAK_SPACE}×"
    return language.gettext(_AND_A_HALF[whole] if rest else _COUNTS[whole])


def _ml(language: Language, millilitres: Fraction) -> str:
    return show_ml(millilitres).replace(".", language.pgettext("decimal sign", "."))

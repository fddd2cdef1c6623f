"""Recipes: how a dose is made from products, in which words, and what is said when it can't be."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.shelf import AUSTRIAN, DOUBLE, FIVE, GERMAN, GRANULES, LIQUID, STRONG, TEN, TEN_WHOLE, TWENTY, plain
from titration.domain.errors import NotMakeable
from titration.domain.products import PRODUCTS, Product, makes_exactly, only_tablet, recipe
from titration.domain.products.recipe import nearest_makeable
from titration.domain.products.wording import count_words

product_choices = st.sets(st.sampled_from(sorted(PRODUCTS)), min_size=1, max_size=4).map(
    lambda codes: tuple(PRODUCTS[code] for code in sorted(codes))
)


@pytest.mark.parametrize(
    ("dose_mcg", "products", "words"),
    [
        (0, (TEN,), "none"),
        (5_000, (TEN,), "half a 10 mg tablet"),
        (10_000, (TEN,), "one 10 mg tablet"),
        (15_000, (TEN,), "one and a half 10 mg tablets"),
        (20_000, (TEN,), "two 10 mg tablets"),
        (25_000, (TEN, TWENTY), "one 20 mg tablet and half a 10 mg tablet"),
        (15_000, (TEN, FIVE), "one 10 mg tablet and one 5 mg tablet"),
        (10_000, (FIVE, TWENTY), "two 5 mg tablets"),
        (30_000, (TEN, TWENTY), "one 20 mg tablet and one 10 mg tablet"),
        (12_500, (AUSTRIAN,), "half a 25 mg tablet"),
        (45_000, (AUSTRIAN, TEN), "one 25 mg tablet and two 10 mg tablets"),
        (105_000, (FIVE,), "twenty-one 5 mg tablets"),
        (7_500, (LIQUID,), "7.5 mL of oral solution 5 mg/5 mL (7.5 mg)"),
        (10_000, (STRONG,), "2 mL of oral suspension 25 mg/5 mL (10 mg)"),
        (10_000, (TEN, LIQUID), "one 10 mg tablet"),
        (12_000, (TEN, LIQUID), "12 mL of oral solution 5 mg/5 mL (12 mg)"),
        (2_500, (DOUBLE,), "1.2 mL of oral solution 10 mg/5 mL (2.4 mg)"),
    ],
)
def test_says_a_recipe_in_plain_words(dose_mcg: int, products: tuple[Product, ...], words: str) -> None:
    assert plain(recipe(dose_mcg, products).words) == words


@pytest.mark.parametrize(
    ("dose_mcg", "products", "words"),
    [
        (15_000, (TEN,), "one and a half tablets"),
        (5_000, (TEN,), "half a tablet"),
        (10_000, (TEN, TWENTY), "one 10 mg tablet"),
        (25_000, (TEN, TWENTY), "one 20 mg and half a 10 mg"),
        (7_500, (LIQUID,), "7.5 mL of oral solution 5 mg/5 mL (7.5 mg)"),
    ],
)
def test_a_table_names_the_strength_unless_there_is_one_tablet(
    dose_mcg: int, products: tuple[Product, ...], words: str
) -> None:
    assert plain(recipe(dose_mcg, products).table_words(only_tablet(products))) == words


@pytest.mark.parametrize(
    ("products", "only"),
    [
        ([TEN], TEN),
        ([TEN, TEN_WHOLE], TEN),
        ([TEN, TWENTY], None),
        ([TEN, None], None),
        ([TEN, LIQUID], None),
        ([LIQUID], None),
        ([GRANULES], None),
        ([], None),
    ],
    ids=["one", "one strength", "two", "one not known", "with a liquid", "a liquid", "granules", "none"],
)
def test_one_tablet_is_one_strength_and_nothing_else(products: list[Product | None], only: Product | None) -> None:
    assert only_tablet(products) == only


@pytest.mark.parametrize(
    ("dose_mcg", "products", "said"),
    [
        (5_000, (TEN_WHOLE,), ("Nearest: 10 mg.", "the 5 mg tablet or oral solution 5 mg/5 mL")),
        (15_000, (TEN_WHOLE,), ("Nearest: 10 mg and 20 mg.",)),
        (2_500, (TEN,), ("Nearest: 5 mg.", "It needs oral solution 5 mg/5 mL.")),
        (12_500, (GERMAN,), ("the 25 mg tablet that can be halved",)),
        (12_340, (TEN,), ("No product that we know makes it.",)),
        (5_000, (), ("No product is chosen",)),
    ],
)
def test_names_the_nearest_doses_and_the_product_that_is_needed(
    dose_mcg: int, products: tuple[Product, ...], said: tuple[str, ...]
) -> None:
    with pytest.raises(NotMakeable) as refusal:
        recipe(dose_mcg, products)
    assert all(part in plain(refusal.value.sentence) for part in said), refusal.value.sentence


@pytest.mark.parametrize(
    ("dose_mcg", "made_mcg"),
    [(1_000, 1_000), (1_100, None), (10_400, 10_000), (10_600, 11_000), (9_600, 10_000), (400, None)],
    ids=["exact", "9 % off", "4 % less", "4 % more", "near", "no mark at all"],
)
def test_a_liquid_is_rounded_to_the_syringe_within_five_percent(dose_mcg: int, made_mcg: int | None) -> None:
    ten_per_ml = replace(STRONG, code="hospital", strength_mcg=50_000)
    if made_mcg is None:
        with pytest.raises(NotMakeable):
            recipe(dose_mcg, (ten_per_ml,))
        return
    made = recipe(dose_mcg, (ten_per_ml,))
    assert (made.made_mcg, made.is_rounded) == (made_mcg, made_mcg != dose_mcg)


@pytest.mark.parametrize(
    ("dose_mcg", "is_made"), [(9_523, False), (9_524, True), (10_000, True), (10_526, True), (10_527, False)]
)
def test_five_percent_of_the_dose_is_the_limit(dose_mcg: int, is_made: bool) -> None:
    coarse = replace(STRONG, code="coarse", strength_mcg=500_000)  # 10 mg a mark
    assert (coarse.strength_mcg, makes(dose_mcg, coarse)) == (500_000, is_made)


def makes(dose_mcg: int, product: Product) -> bool:
    try:
        recipe(dose_mcg, (product,))
    except NotMakeable:
        return False
    return True


def test_a_rounded_liquid_is_not_exact() -> None:
    assert recipe(2_500, (DOUBLE,)).is_rounded
    assert not makes_exactly(2_500, (DOUBLE,))


def test_splitting_belongs_to_the_product_and_not_to_the_strength() -> None:
    assert makes_exactly(12_500, (AUSTRIAN,))
    assert not makes_exactly(12_500, (GERMAN,))


@given(st.integers(0, 2000).map(lambda tenths: tenths * 100), product_choices)
def test_the_parts_hold_what_the_recipe_says(dose_mcg: int, products: tuple[Product, ...]) -> None:
    try:
        made = recipe(dose_mcg, products)
    except NotMakeable:
        return
    assert sum((_mcg(product, amount) for product, amount in made.parts), Fraction()) == made.made_mcg
    assert all(product in products and amount > 0 for product, amount in made.parts)
    assert all(product.is_liquid or (amount * product.parts).denominator == 1 for product, amount in made.parts)
    assert made.made_mcg == dose_mcg or (len(made.parts) == 1 and made.parts[0][0].is_liquid)


def _mcg(product: Product, amount: Fraction) -> Fraction:
    if product.is_liquid:
        return amount * 1000 * product.strength_mcg / product.volume_ul
    return amount * product.strength_mcg


@pytest.mark.parametrize(
    ("dose_mcg", "words"),
    [(5_000, "one 5 mg packet of granules"), (15_000, "three 5 mg packets of granules")],
)
def test_granules_come_in_whole_packets(dose_mcg: int, words: str) -> None:
    made = recipe(dose_mcg, (GRANULES,))
    assert (plain(made.words), plain(made.table_words(None))) == (words, words)
    with pytest.raises(NotMakeable):
        recipe(2_500, (GRANULES,))
    assert plain(recipe(25_000, (GRANULES, TWENTY)).table_words(None)) == "one 20 mg and one 5 mg packet of granules"


def test_without_products_no_dose_is_near() -> None:
    assert nearest_makeable(15_000, ()) == ()


def test_from_a_hundred_on_numbers_are_digits() -> None:
    assert [count_words(number) for number in (99, 100)] == ["ninety-nine", "100"]

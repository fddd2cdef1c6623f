"""A regimen is four doses a day, told in plain words."""

import pytest

from titration.domain.regimen import Regimen, describe


def regimen(*mg: float) -> Regimen:
    morning, midday, evening, bedtime = (round(dose * 1000) for dose in mg)
    return Regimen.of((morning, midday, evening, bedtime))


def test_daily_total_is_the_sum_of_unequal_doses() -> None:
    assert regimen(10, 5, 10, 2.5).daily_mcg == 27_500


def test_refuses_a_negative_dose() -> None:
    with pytest.raises(ValueError, match="never negative"):
        Regimen(morning_mcg=-100)


@pytest.mark.parametrize(
    ("doses", "words"),
    [
        ((20, 20, 20, 0), "20\u00a0mg three times a day"),
        ((0, 0, 0, 5), "5\u00a0mg once a day"),
        ((5, 5, 5, 5), "5\u00a0mg four times a day"),
        ((15, 10, 15, 0), "15 + 10 + 15 + 0\u00a0mg"),
        ((0, 0, 0, 0), "none"),
    ],
)
def test_is_described_in_plain_words(doses: tuple[float, ...], words: str) -> None:
    assert describe(regimen(*doses)) == words

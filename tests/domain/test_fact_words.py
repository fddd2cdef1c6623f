"""Facts on file as lines of words: what stands today, with its day, and what nobody has entered."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from tests.domain.files import NOTED, TODAY, file_of, noted
from titration.domain.fact_words import (
    coming,
    dispensed_words,
    end_words,
    interruption_line,
    kidney_line,
    lasting_line,
    newest_first,
    not_on_file,
    supply_line,
)
from titration.domain.record import (
    CoMedicationEntry,
    ConditionEntry,
    DispensingEntry,
    EntryStatus,
    InterruptionEntry,
    KidneyReadingEntry,
    RegimenEntry,
)
from titration.domain.regimen import Regimen
from titration.domain.supply import Supply


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def dispensed(product: str, quantity: int, days_ago: int = 0) -> DispensingEntry:
    return noted(DispensingEntry, on=TODAY - timedelta(days_ago), product=product, quantity=Fraction(quantity))


@pytest.mark.parametrize(
    ("product", "quantity", "words"),
    [
        ("tablet-10", 168, "168 tablets of 10 mg"),
        ("tablet-10", 1, "1 tablet of 10 mg"),
        ("liquid-5-in-5", 300, "300 mL oral solution 5 mg/5 mL"),
        ("a-product-of-long-ago", 28, "28 of a-product-of-long-ago"),
    ],
)
def test_what_was_dispensed_reads_as_on_the_box(product: str, quantity: int, words: str) -> None:
    assert plain(dispensed_words(dispensed(product, quantity))) == words


def test_medicines_stand_in_one_line_and_a_depressant_is_marked() -> None:
    taken = [
        noted(CoMedicationEntry, code="gabapentinoid"),
        noted(CoMedicationEntry, code="nsaid"),
        noted(CoMedicationEntry, code="opioid", until=TODAY - timedelta(1)),
        noted(CoMedicationEntry, code="lithium"),
    ]
    assert lasting_line(taken, TODAY) == "Gabapentinoid (depressant), NSAID, lithium"
    assert lasting_line([noted(ConditionEntry, code="psychosis")], TODAY) == "Psychosis"


def reading(egfr: str, days_ago: int, minutes: int = 0) -> KidneyReadingEntry:
    entry = noted(KidneyReadingEntry, on=TODAY - timedelta(days_ago), egfr=Fraction(egfr))
    return replace(entry, recorded_at=NOTED + timedelta(minutes=minutes))


def test_of_several_kidney_readings_the_latest_is_told() -> None:
    assert plain(kidney_line([reading("44.5", 0), reading("74", 11), reading("38", 0, 5)])) == "eGFR 38 on 13 Nov 2026"
    assert kidney_line([]) == ""


def stay(code: str, first_in: int, last_in: int | None, note: str = "") -> InterruptionEntry:
    last_on = None if last_in is None else TODAY + timedelta(last_in)
    return noted(InterruptionEntry, code=code, first_on=TODAY + timedelta(first_in), last_on=last_on, note=note)


def test_interruptions_to_come_stand_in_the_order_of_their_days() -> None:
    stays = [stay("surgery", 7, None), stay("admission", 2, 4, "by tube"), stay("fasting", -3, -1)]
    assert [each.code for each in coming(stays, TODAY)] == ["admission", "surgery"]
    told = plain(interruption_line(stays, TODAY))
    assert told.split("; ")[0].endswith("continuity note on file")
    assert told.endswith("from 20 Nov, no continuity note")


def test_an_interruption_without_a_known_end_that_has_begun_goes_on() -> None:
    assert coming([stay("admission", -3, None)], TODAY) != []


def on_tablets(*dispensings: DispensingEntry) -> list[RegimenEntry]:
    first_on = TODAY - timedelta(60)
    return [noted(RegimenEntry, starts_on=first_on, regimen=Regimen.of((20_000, 20_000, 20_000, 0)), reason="")]


@pytest.mark.parametrize(
    ("tablets", "words"),
    [
        (168, "168 tablets of 10 mg on 2 Nov 2026, last to 29 Nov 2026"),
        (60, "60 tablets of 10 mg on 2 Nov 2026, empty since 12 Nov 2026"),
    ],
    ids=["lasts", "empty"],
)
def test_supply_says_what_was_dispensed_and_how_far_it_goes(tablets: int, words: str) -> None:
    record = file_of(regimens=on_tablets(), dispensings=[dispensed("tablet-10", tablets, 11)])
    assert plain(supply_line(record, TODAY)) == words


def test_without_dispensing_there_is_no_line_of_supply() -> None:
    assert supply_line(file_of(regimens=on_tablets()), TODAY) == ""


def test_a_supply_without_a_known_end_says_so() -> None:
    assert end_words(Supply(stretches=(), empty_on=None), TODAY) == "end not known"


def test_facts_that_nobody_entered_are_named() -> None:
    assert not_on_file(file_of()) == ("conditions", "kidney function", "other medicines")
    assert not_on_file(file_of(kidney=[reading("74", 1)])) == ("conditions", "other medicines")


def test_the_latest_recorded_comes_first_and_an_error_not_at_all() -> None:
    first, wrong, last = (noted(ConditionEntry, code=code) for code in ("stroke", "psychosis", "brain_injury"))
    wrong = replace(wrong, status=EntryStatus.ENTERED_IN_ERROR)
    assert newest_first([first, wrong, last]) == [last, first]

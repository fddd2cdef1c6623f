"""The facts that the rules use, as lines of words: what is on file today, with its day. Nothing is judged here."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from titration.domain.days import show_full_day, show_near_day, show_span
from titration.domain.products import show_ml
from titration.domain.record import (
    ConditionEntry,
    DispensingEntry,
    Entry,
    InterruptionEntry,
    KidneyReadingEntry,
    LastingEntry,
    PatientRecord,
)
from titration.domain.supply import Supply, supply_of
from titration.domain.units import NO_BREAK_SPACE, format_mg
from titration.domain.vocabulary import COMEDICATIONS, CONDITIONS, DEPRESSANTS, INTERRUPTIONS

_MCG = 1000


def number(amount: Fraction) -> str:
    """ "74", "44.5"."""
    return format_mg(amount * _MCG)


def egfr_words(entry: KidneyReadingEntry) -> str:
    """eGFR 74."""
    return f"eGFR{NO_BREAK_SPACE}{number(entry.egfr)}"


def dispensed_words(entry: DispensingEntry) -> str:
    """168 tablets of 10 mg; 300 mL oral solution 5 mg/5 mL."""
    product = entry.made
    if product is None:
        return f"{number(entry.quantity)} of {entry.product}"
    if product.is_liquid:
        return f"{show_ml(entry.quantity)} {product.liquid_words}"
    return f"{number(entry.quantity)} {product.piece_words(entry.quantity)} of {product.strength_words}"


def lasting_words(entry: LastingEntry) -> str:
    """Gabapentinoid (depressant)."""
    if isinstance(entry, ConditionEntry):
        return CONDITIONS.get(entry.code, entry.code)
    depressant = " (depressant)" if entry.code in DEPRESSANTS else ""
    return f"{COMEDICATIONS.get(entry.code, entry.code)}{depressant}"


def interruption_words(entry: InterruptionEntry, beside: date) -> str:
    """Surgery from 20 Nov, no continuity note."""
    return f"{interruption_name(entry)} {interruption_span(entry, beside)}"


def interruption_name(entry: InterruptionEntry) -> str:
    return INTERRUPTIONS.get(entry.code, entry.code)


def interruption_span(entry: InterruptionEntry, beside: date) -> str:
    span = (
        f"from {show_near_day(entry.first_on, beside=beside)}"
        if entry.last_on is None
        else show_span(entry.first_on, entry.last_on, beside=beside)
    )
    return f"{span}, {'continuity note on file' if entry.has_continuity else 'no continuity note'}"


def lasting_line(entries: Iterable[LastingEntry], today: date) -> str:
    """All that stand today, in one line; empty where none is on file."""
    names = [lasting_words(entry) for entry in entries if entry.is_active(today)]
    lowered = [*names[:1], *(_inside(name) for name in names[1:])]
    return ", ".join(lowered)


def _inside(name: str) -> str:
    """Within a line: small, but for what is written large by itself."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def kidney_line(entries: Iterable[KidneyReadingEntry]) -> str:
    """eGFR 74 on 2 Nov 2026."""
    counting = [entry for entry in entries if entry.counts]
    if not counting:
        return ""
    latest = max(counting, key=lambda entry: (entry.on, entry.recorded_at))
    return f"{egfr_words(latest)} on {show_full_day(latest.on)}"


def coming(entries: Iterable[InterruptionEntry], today: date) -> list[InterruptionEntry]:
    """Interruptions that are not over, in the order of their first day."""
    still = [entry for entry in entries if entry.counts and (entry.last_on or max(entry.first_on, today)) >= today]
    return sorted(still, key=lambda entry: entry.first_on)


def interruption_line(entries: Iterable[InterruptionEntry], today: date) -> str:
    return "; ".join(interruption_words(entry, today) for entry in coming(entries, today))


def supply_line(record: PatientRecord, today: date) -> str:
    """168 tablets of 10 mg on 15 Oct 2026, empty since 12 Nov 2026."""
    supply = supply_of(record, today)
    if not supply.stretches:
        return ""
    last = supply.stretches[-1]
    dispensed = " and ".join(dispensed_words(entry) for entry in last.entries)
    return f"{dispensed} on {show_full_day(last.first_on)}, {end_words(supply, today)}"


def end_words(supply: Supply, today: date) -> str:
    """empty since 12 Nov 2026; last to 11 Nov 2026."""
    if supply.empty_on is None:
        return "end not known"
    if supply.empty_on <= today:
        return f"empty since {show_full_day(supply.empty_on)}"
    return f"last to {show_full_day(date.fromordinal(supply.empty_on.toordinal() - 1))}"


def not_on_file(record: PatientRecord) -> tuple[str, ...]:
    """Facts that rules read and that nobody has entered: no rule has looked at them."""
    facts = {"conditions": record.conditions, "kidney function": record.kidney, "other medicines": record.comedications}
    return tuple(words for words, entries in facts.items() if not any(entry.counts for entry in entries))


def newest_first[E: Entry](entries: Sequence[E]) -> list[E]:
    """Those that count, the latest recorded first."""
    return [entry for entry in reversed(entries) if entry.counts]

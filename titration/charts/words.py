"""Short words and letters of the chart: the picture has no room for the sentences of the page.

A code without its row here is shown as its own words, so that a new reason or sign is never left out.
"""

from collections.abc import Iterable

from titration.domain.vocabulary import ADVERSE_EFFECTS, DOSE_REASONS, WITHDRAWAL_SIGNS

STEP_BACK_REASONS = {"sedation": "sedation", "adverse_effect": "side effects"}
UNSAID_REASONS = frozenset({"titration", "response", "taper", "other"})
INTAKE_WORDS = {
    "missed": "missed doses",
    "ran_out": "tablets ran out",
    "stopped": "stopped on own account",
    "unknown": "not known",
}
FALL_WORDS = {"W1": "Abrupt stop", "W2": "One-day drop", "W3": "Seven-day drop"}
RANGES = {"1m": "1 month", "3m": "3 months", "6m": "6 months", "all": "All"}
LETTERS = {
    "drowsiness": "Dr",
    "dizziness": "D",
    "weakness": "W",
    "fatigue": "F",
    "nausea": "N",
    "constipation": "C",
    "hypotension": "H",
    "confusion": "Cf",
    "seizures_worse": "Sz",
    "other": "O",
    "anxiety": "A",
    "insomnia": "I",
    "restlessness": "R",
    "tremor": "T",
    "pruritus": "P",
    "paresthesia": "Pa",
    "headache": "Hd",
    "more_spasms": "M",
    "agitation": "Ag",
    "rebound_spasticity": "Rs",
    "tachycardia": "Tc",
    "sweating": "Sw",
    "low_fever": "Lf",
    "paranoia": "Pn",
    "hallucinations": "Ha",
    "delirium": "De",
    "disorientation": "Di",
    "seizure": "Se",
    "high_fever": "Hf",
    "rigidity": "Ri",
    "labile_blood_pressure": "Lb",
    "reduced_consciousness": "Rc",
    "rhabdomyolysis": "Rh",
    "organ_failure": "Of",
}
_SYMPTOMS = ADVERSE_EFFECTS | WITHDRAWAL_SIGNS


def symptom_words(code: str) -> str:
    """An effect or a sign in the words of its list, as part of a line."""
    return _inside(_SYMPTOMS.get(code, code.replace("_", " ")))


def lowered_words(reason: str) -> str:
    """Why a dose was lowered, "" where the picture itself says it."""
    if reason in STEP_BACK_REASONS:
        return f"back: {STEP_BACK_REASONS[reason]}"
    return "" if reason in UNSAID_REASONS else _inside(DOSE_REASONS.get(reason, reason.replace("_", " ")))


def _inside(words: str) -> str:
    return words[:1].lower() + words[1:]


def letters_for(codes: Iterable[str]) -> dict[str, str]:
    """A letter or two for each code, no two alike; codes without a row get letters of their own name."""
    letters: dict[str, str] = {}
    for code in sorted(set(codes)):
        taken = {*letters.values(), *(LETTERS.values() if code not in LETTERS else ())}
        letters[code] = LETTERS.get(code) or _free_letters(code, taken)
    return letters


def _free_letters(code: str, taken: set[str]) -> str:
    head = code[:1].upper()
    wanted = (head, *(head + letter for letter in code[1:].lower() if letter.isalpha()))
    return next((text for text in wanted if text not in taken), code[:3].title())

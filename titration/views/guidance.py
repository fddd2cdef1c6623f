"""What the rules rest on: the monograph by section, every rule with its thresholds, and a page about each rule.

Everything here is the same for every clinic and names no patient; it is read from the guidance data.
"""

from django.http import Http404, HttpResponse

from titration.domain.boundaries import load_boundaries
from titration.domain.guidance import Guidance, RuleCard, load_guidance
from titration.domain.guidance.monograph import load_sections, load_unseen, points_of_rule
from titration.domain.making_cases import MAKING, load_making_cases
from titration.views.answers import show
from titration.views.desk import READS, ClinicRequest, clinic_page

ORIGINS = {
    "monograph": "the monograph",
    "label": "a label",
    "literature": "literature",
    "design": "our design choice",
}


@clinic_page(*READS)
def guidance(request: ClinicRequest) -> HttpResponse:
    facts = load_guidance()
    context = {"guidance": facts, "sections": load_sections(), "unseen": load_unseen(), "origins": _origins(facts)}
    return show(request, "guidance/index.html", context)


@clinic_page(*READS)
def rule(request: ClinicRequest, code: str) -> HttpResponse:
    facts = load_guidance()
    card = _card_or_404(facts, code)
    context = {
        "guidance": facts,
        "card": card,
        "points": points_of_rule(card.code),
        "unseen": load_unseen(),
        "boundaries": load_making_cases() if card.code == MAKING else load_boundaries(card.code),
        "is_refusal": card.code == MAKING,
        "reads_birth_date": any(line.startswith("Date of birth") for line in card.inputs),
    }
    return show(request, "guidance/rule.html", context)


def _card_or_404(facts: Guidance, code: str) -> RuleCard:
    found = next((card for card in facts.rules if card.code == code), None)
    if found is None:
        raise Http404
    return found


def _origins(facts: Guidance) -> list[tuple[str, int]]:
    """How many thresholds come from where, so that design choices are seen as what they are."""
    counted = [threshold.origin for threshold in facts.thresholds.values()]
    return [(words, counted.count(origin)) for origin, words in ORIGINS.items()]

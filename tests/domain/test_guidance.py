"""Every clinical number stands once, in the guidance, with its source; every rule has words."""

import ast
import re
from pathlib import Path

import pytest

from titration.domain import rules
from titration.domain.guidance import ORIGINS, Threshold, load_guidance
from titration.domain.making_cases import MAKING
from titration.domain.rules import RULES
from titration.domain.wording import wordings

GUIDANCE = load_guidance()
DOMAIN = Path(rules.__file__).parent.parent
HARMLESS_NUMBERS = {-1, 0, 1, 2}
JUDGING_MODULES = [*sorted((DOMAIN / "rules").glob("*.py")), DOMAIN / "terms.py", DOMAIN / "assess.py"]


@pytest.mark.parametrize("name", sorted(GUIDANCE.thresholds))
def test_threshold_names_its_source(name: str) -> None:
    threshold = GUIDANCE.threshold(name)
    assert threshold.source
    assert threshold.locator
    assert threshold.origin in ORIGINS
    assert threshold.reviewed_on <= GUIDANCE.reviewed_on


def test_a_threshold_without_source_is_refused() -> None:
    known = GUIDANCE.threshold("ceiling")
    fields = {name: getattr(known, name) for name in known.__slots__}
    with pytest.raises(ValueError, match="lacks a source"):
        Threshold(**{**fields, "source": ""})


def test_every_rule_has_a_card_and_every_card_a_rule() -> None:
    """E1 judges a plan's doses and products, not a patient: it refuses and is never a finding."""
    assert {card.code for card in GUIDANCE.rules} == {*RULES, MAKING}


def test_every_threshold_is_used() -> None:
    source = "".join(path.read_text() for path in DOMAIN.rglob("*.py"))
    built = ("w2_", "labelled_maximum_")
    unused = [name for name in GUIDANCE.thresholds if f'"{name}"' not in source and not name.startswith(built)]
    assert unused == []


def test_every_variant_that_a_rule_can_say_has_words() -> None:
    variant = re.compile(r"\[([A-Z][0-9])\.([a-z_]+)\]")
    text = (DOMAIN / "wording" / "en.toml").read_text()
    assert set(variant.findall(text)) == wordings()
    assert {code for code, _ in wordings()} == set(RULES)


@pytest.mark.parametrize("path", JUDGING_MODULES, ids=lambda path: path.stem)
def test_no_clinical_number_stands_in_code(path: Path) -> None:
    numbers = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in HARMLESS_NUMBERS
    ]
    assert [(node.lineno, node.value) for node in numbers if node.value != 100] == []


def test_words_say_consider_and_never_give() -> None:
    text = (DOMAIN / "wording" / "en.toml").read_text() + (DOMAIN / "guidance" / "rules.toml").read_text()
    assert not re.search(r"\b(give|administer|prescribe \d)\b", text, re.IGNORECASE)


def test_a_label_set_has_its_maximum_and_a_rule_its_card() -> None:
    assert [GUIDANCE.labelled_maximum_mcg(label) for label in ("US", "UK", "AU")] == [80_000, 100_000, 100_000]
    assert GUIDANCE.rule("W1").code == "W1"

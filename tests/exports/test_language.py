"""Languages of the papers: whole, with dates and numbers that nobody takes for others, in words easy to read."""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from string import Formatter

import pytest

from tests.exports.pdf_text import claims_universal_access, needs_poppler, words_of
from tests.exports.samples import TABLET_5, TABLET_10, ashdown, building_up, four_times_a_day, half_a_year
from titration import exports
from titration.domain import days
from titration.domain.products import PRODUCTS, ProductForm
from titration.domain.products.wording import bare_tablets, part_words
from titration.domain.record import PlanState
from titration.exports import dates
from titration.exports.calendar import write_calendar
from titration.exports.document import PlanDocument
from titration.exports.language import LANGUAGES, LOCALES, Language, language_of
from titration.exports.record_page import record_values
from titration.exports.sheet import sheet_values, write_sheet
from titration.exports.takings import take_words

FOREIGN = [code for code in LANGUAGES if code != "en"]
ENGLISH, GERMAN = language_of("en"), language_of("de")


def marked() -> Iterator[str]:
    """Every message in the code of the exports."""
    for path in Path(exports.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from _messages(node)


def _messages(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in ("gettext", "gettext_noop", "ngettext"):
        yield from texts[:1]
    if name == "pgettext" and len(texts) == 2:
        yield "\x04".join(texts)


def catalog(code: str) -> dict[object, str]:
    found = gettext.translation("django", LOCALES, languages=[code])
    return found._catalog  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", FOREIGN)
def test_every_message_of_the_papers_has_a_translation(code: str):
    known = {key[0] if isinstance(key, tuple) else key for key in catalog(code)}
    assert sorted(set(marked()) - known) == []
    assert len(known) > 200


@pytest.mark.parametrize("code", FOREIGN)
def test_a_translation_puts_in_the_same_values(code: str):
    for key, said in catalog(code).items():
        message = key[0] if isinstance(key, tuple) else key
        if message:
            assert fields(said) == fields(str(message).split("\x04")[-1]), message


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", FOREIGN)
def test_the_compiled_catalogue_is_that_of_the_text(code: str):
    """`manage.py compilemessages` writes it; without the step an edited text would not be printed."""
    text = (LOCALES / code / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert "fuzzy" not in text
    said = {unquoted(part) for part in re.findall(r'msgstr(?:\[\d\])? ((?:".*"\n?)+)', text)[1:]}
    assert said == {words for key, words in catalog(code).items() if key != ""}


def unquoted(lines: str) -> str:
    return "".join(ast.literal_eval(line) for line in lines.strip().split("\n"))


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize(
    "plan",
    [
        ashdown(),
        building_up(),
        four_times_a_day(),
        ashdown(state=PlanState.HELD, held_on=date(2026, 11, 25)),
        ashdown(signed=None, state=PlanState.DRAFT),
        ashdown(products=(TABLET_10, PRODUCTS["liquid-5-in-5"], TABLET_5)),
    ],
    ids=["taper", "titration", "two products", "on hold", "draft", "liquid"],
)
def test_no_english_word_is_left_on_a_sheet(code: str, plan: PlanDocument):
    """But the clinic's own words, which are printed as it wrote them."""
    told = flat(
        {k: v for k, v in sheet_values(replace(plan, language_code=code)).items() if k not in ("hours", "footer")}
    )
    foreign = {"Plan", "mg", "a", "an", "in", "am", "will"}
    english = set(re.findall(r"\w+", flat(sheet_values(plan)))) & set(re.findall(r"\w+", " ".join(marked())))
    left = {word for word in set(re.findall(r"\w+", told)) & english - foreign if word.islower() and len(word) > 3}
    assert left <= {"baclofen"}


def flat(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(flat(each) for each in value.values())
    return " ".join(flat(each) for each in value) if isinstance(value, list) else str(value)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("show", "english", "german"),
    [
        (dates.short_date, "3 Mar", "3. März"),
        (dates.short_date_year, "3 Mar 2026", "3. März 2026"),
        (dates.weekday_date, "Tue 3 Mar", "Di 3. März"),
        (dates.weekday_date_year, "Tue 3 Mar 2026", "Di 3. März 2026"),
        (dates.day_month, "3 March", "3. März"),
        (dates.long_date, "3 March 2026", "3. März 2026"),
        (dates.full_date, "Tuesday 3 March 2026", "Dienstag, 3. März 2026"),
    ],
)
def test_a_month_is_a_word_in_every_language(show, english: str, german: str):
    assert plain(show(ENGLISH, date(2026, 3, 3))) == english
    assert plain(show(GERMAN, date(2026, 3, 3))) == german


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2028, 2, 29), date(2026, 12, 31)])
def test_english_dates_are_those_of_the_pages(day: date):
    assert dates.short_date(ENGLISH, day) == days.show_day(day)
    assert dates.short_date_year(ENGLISH, day) == days.show_full_day(day)
    assert dates.weekday_date(ENGLISH, day) == days.show_weekday(day)


@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=["en", "de"])
def test_every_day_of_a_year_is_shown_as_no_other(language: Language):
    year = [date(2028, 1, 1) + timedelta(days=offset) for offset in range(366)]
    for show in (dates.short_date, dates.weekday_date_year, dates.full_date):
        assert len({show(language, day) for day in year}) == 366


@pytest.mark.parametrize(
    ("mcg", "english", "german"),
    [(2_500, "2.5 mg", "2,5 mg"), (500, "0.5 mg", "0,5 mg"), (10_000, "10 mg", "10 mg"), (200_000, "200 mg", "200 mg")],
)
def test_a_dose_has_the_decimal_sign_of_the_language_and_no_trailing_zero(mcg: int, english: str, german: str):
    assert (plain(ENGLISH.mg(mcg)), plain(GERMAN.mg(mcg))) == (english, german)


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_english_says_what_the_domain_says(product):
    pieces = 2 if product.parts > 1 or product.is_liquid else 1
    for count in range(1, 12 * pieces + 1):
        parts = ((product, Fraction(count, pieces)),)
        assert take_words(ENGLISH, parts) == part_words(*parts[0])
        if product.form is ProductForm.TABLET:
            assert take_words(ENGLISH, parts, only=product) == bare_tablets(parts[0][1])


@pytest.mark.parametrize(
    ("amount", "german"),
    [
        (Fraction(1, 2), "eine halbe Tablette zu 10 mg"),
        (Fraction(1), "eine Tablette zu 10 mg"),
        (Fraction(3, 2), "eineinhalb Tabletten zu 10 mg"),
        (Fraction(2), "zwei Tabletten zu 10 mg"),
        (Fraction(20), "20 × Tabletten zu 10 mg"),
    ],
)
def test_german_tablets(amount: Fraction, german: str):
    assert plain(take_words(GERMAN, ((TABLET_10, amount),))) == german


def test_many_tablets_do_not_run_into_their_strength():
    assert plain(take_words(ENGLISH, ((TABLET_10, Fraction(20)),))) == "20 × 10 mg tablets"


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(ValueError, match="a language"):
        language_of("xx")


@needs_poppler
def test_a_german_sheet_is_german_accessible_and_as_long_as_an_english_one():
    pdf = write_sheet(ashdown(language_code="de"))
    text = words_of(pdf)
    for said in (
        "Baclofen Schritt für Schritt absetzen",
        "Margaret Ashdown, geboren am 12. März 1968",
        "Von Montag, 16. November 2026 bis Montag, 18. Januar 2027: von 60 mg am Tag herunter auf null, in",
        "Notruf 999, wenn",
        "Ab Montag, 18. Januar 2027: kein Baclofen mehr.",
        "Plan 3, Fassung 2, unterschrieben am 9. Nov. 2026 von R. Okafor",
        "Seite 1 von 2",
    ):
        assert said in text
    assert claims_universal_access(pdf)


def test_calendar_and_record_are_in_the_language_too():
    plan = ashdown(language_code="de")
    assert "Baclofen 50\u00a0mg am Tag" in write_calendar(plan).decode()
    assert record_values(plan)["heads"]["acts"] == "Wer und wann"


# How hard a text is to read, by plain formulas: the Flesch-Kincaid grade counts syllables a word, LIX long words.


def sentences_of(plan: PlanDocument) -> list[str]:
    """The running text of a sheet; a heading begins the sentence that its text goes on with."""
    values = sheet_values(plan)
    warnings = [f"{each['heading']} {each['text']}" for each in values["warnings"]]
    text = " ".join([*warnings, values["how"], values["end"]["bold"] + " " + values["end"]["text"], values["supply"]])
    return [sentence for sentence in re.split(r"[.!?]\s+|[:;]\s", text) if len(sentence.split()) > 1]


def words_in(sentences: list[str]) -> list[str]:
    return [word for sentence in sentences for word in re.findall(r"[^\W\d_]+", sentence)]


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def school_grade(plan: PlanDocument) -> float:
    """Flesch-Kincaid: the school grade of the United States; grade 6 is age eleven."""
    sentences = sentences_of(plan)
    words = words_in(sentences)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def lix(plan: PlanDocument) -> float:
    """Words a sentence, and the share of words of more than six letters; below 40 is easy."""
    sentences = sentences_of(plan)
    words = words_in(sentences)
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


@pytest.mark.parametrize(
    "plan", [ashdown(), building_up(), half_a_year(), four_times_a_day()], ids=["off", "up", "long", "two products"]
)
def test_a_sheet_is_read_at_eleven(plan: PlanDocument):
    assert school_grade(plan) <= 6
    assert lix(replace(plan, language_code="de")) <= 40


def test_the_formula_knows_a_hard_text():
    words = "Discontinuation precipitates potentially catastrophic autonomic dysregulation requiring hospitalisation"
    assert 11.8 * sum(map(syllables, words.split())) / len(words.split()) > 30

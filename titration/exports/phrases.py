"""Phrases that more than one paper uses: the foot of a page, the products, why a sheet must not be followed."""

from collections.abc import Iterator, Mapping, Sequence

from titration.domain.products import Product, ProductForm
from titration.domain.record import PlanState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.exports.dates import full_date, short_date_year, show_instant
from titration.exports.document import Act, DocumentDose, DocumentStep, PlanDocument
from titration.exports.language import Language
from titration.exports.takings import Takings, liquid_words, regimen_words, take_words
from titration.exports.text import one_line
from titration.exports.wording import OVER, STATES, TIMES

type Value = str | bool | int | list["Value"] | Mapping[str, "Value"]


def state_words(plan: PlanDocument) -> str:
    """Why a sheet must not be followed as it is, or nothing."""
    is_draft = plan.signed is None or plan.state is PlanState.DRAFT
    words = OVER.get(plan.patient.over, "") or STATES.get("draft" if is_draft else plan.state.value, "")
    return plan.language.gettext(words) if words else ""


def paper(plan: PlanDocument) -> dict[str, Value]:
    """What every paper is set with: its language, its size, the foot of its pages."""
    return {"language": plan.language_code, "large": plan.is_large, "footer": footer(plan)}


def footer(plan: PlanDocument) -> dict[str, Value]:
    """What every page of every paper says at its foot."""
    say = plan.language
    return {
        "person": f"{one_line(plan.patient.name)}, {one_line(plan.patient.identifier)}",
        "telephone": one_line(plan.clinic.telephone),
        "plan": say.gettext("Plan {number}, version {version}", number=plan.number, version=plan.version)
        + f", {_signed(plan)}",
        "printed": f"{_printed(plan)}, {one_line(plan.clinic.name)}",
        "code": say.gettext("Check code {code}", code=plan.short_hash),
        "page": say.gettext("Page {page} of {pages}", page="{page}", pages="{pages}"),
        "is_draft": plan.signed is None,
        "draft": say.gettext("draft, not signed"),
    }


def _signed(plan: PlanDocument) -> str:
    say, signed = plan.language, plan.signed
    if signed is None:
        return say.gettext("draft, not signed")
    day = short_date_year(say, plan.local(signed.at).date())
    return say.gettext("signed {day} by {name}", day=day, name=one_line(signed.by))


def _printed(plan: PlanDocument) -> str:
    at = show_instant(plan.language, plan.local(plan.printed.at))
    return plan.language.gettext("Printed {at} by {name}", at=at, name=one_line(plan.printed.by))


def act_words(plan: PlanDocument, act: Act) -> str:
    return f"{one_line(act.by)}, {show_instant(plan.language, plan.local(act.at))}"


def times_words(plan: PlanDocument) -> list[Value]:
    """The times of day of the plan, as heads of columns."""
    return [plan.language.gettext(TIMES[time]) for time in plan.times_used()]


def step_words(plan: PlanDocument, step: DocumentStep, time: TimeOfDay) -> str:
    """Without its strength only where there is one tablet, which the head of the calendar names."""
    return take_words(plan.language, step.parts(time), only=plan.only_tablet)


def products_heading(language: Language, products: tuple[Product, ...]) -> str:
    """Tablets of 10 mg and 5 mg; tablets of 5 mg, and oral solution 5 mg/5 mL."""
    heading = products_words(language, products)
    return heading[:1].upper() + heading[1:]


def products_words(language: Language, products: tuple[Product, ...]) -> str:
    """The same in running text."""
    strengths = [language.mg(product.strength_mcg) for product in products if product.form is ProductForm.TABLET]
    others = [liquid_words(language, product) for product in products if product.form is not ProductForm.TABLET]
    tablets = [language.gettext("tablets of {strengths}", strengths=language.joined(strengths))] if strengths else []
    if tablets and others:
        return language.pgettext("products", "{first}, and {last}", first=tablets[0], last=", ".join(others))
    return ", ".join([*tablets, *others])


def daily_words(plan: PlanDocument, daily_mcg: int) -> str:
    say = plan.language
    return say.gettext("{dose} a day", dose=say.mg(daily_mcg)) if daily_mcg else say.pgettext("daily dose", "none")


def now_taken(plan: PlanDocument) -> tuple[Regimen, Takings]:
    """Until the first step: what is prescribed on the day of printing, else what the plan was drawn from."""
    now = plan.until_first[:1]
    return (now[0].regimen, now[0].recipes) if now else (plan.start, plan.start_recipes)


def doses_words(plan: PlanDocument, doses: Sequence[DocumentDose]) -> Iterator[str]:
    """What is taken now, then from which days on what. doses: in the order of their days, the first one of today."""
    for place, dose in enumerate(doses):
        yield (
            _from_words(plan, dose) if place else plan.language.gettext("Now: {taken}.", taken=_dose_words(plan, dose))
        )


def then_words(plan: PlanDocument) -> str:
    """What comes after the last step, where something else is on file for it; else empty."""
    return "" if plan.then is None else _from_words(plan, plan.then)


def _from_words(plan: PlanDocument, dose: DocumentDose) -> str:
    say = plan.language
    day = full_date(say, dose.starts_on)
    return say.gettext("From {day}: {taken}.", day=day, taken=_dose_words(plan, dose))


def _dose_words(plan: PlanDocument, dose: DocumentDose) -> str:
    if not dose.regimen.daily_mcg:
        return plan.language.gettext("no baclofen")
    taken = regimen_words(plan.language, dose.regimen, dose.recipes)
    return f"{taken}, {daily_words(plan, dose.regimen.daily_mcg)}" if taken else ""

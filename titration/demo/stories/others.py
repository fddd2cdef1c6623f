"""The other patients of the demo clinic, short: what worklist, reviews, steps of the week and search have to show."""

from datetime import date

from titration.demo.acts import (
    BRANDT,
    LINDQVIST,
    Act,
    Contact,
    Dispensed,
    Dose,
    DrawnPlan,
    Interruption,
    Kidney,
    Person,
    PlannedReview,
    Scores,
    Sedation,
    Story,
    Taken,
)
from titration.domain.planning import WayDown, WayUp
from titration.domain.record import IntakeKind, PlanKind


def _course(*acts: Act, name: tuple[str, str], born: date, number: str, sex: str, mg: str) -> Story:
    """Registered 70 days ago with a regimen that stood long before."""
    family_name, given_name = name
    person = Person(
        family_name=family_name, given_name=given_name, born=born, identifier=number, sex=sex, mg=mg, since=-150,
        exposure_months=12, registered=-70,
    )  # fmt: skip
    return Story(slug=family_name.lower(), title="", person=person, acts=acts)


_WITH_FLAGS = (
    _course(
        Dose(day=-45, at="09:40", mg="20 20 20 0"),
        Dose(day=-2, at="09:40", mg="25 25 25 0", reason="response"),
        Sedation(day=0, at="09:20", by=BRANDT, grade=4, source="carer", note="Care home, by telephone."),
        Contact(day=0, at="09:25", by=BRANDT, code="S1", note="Care home told to call the emergency number now."),
        name=("Whitcombe", "Ruth"), born=date(1960, 9, 3), number="SP-0388", sex="female", mg="15 15 20 0",
    ),
    _course(
        Taken(day=-1, at="16:10", by=BRANDT, kind=IntakeKind.DAILY_TOTAL, first=-1, goes_on=True,
              mg="10 0 10 0", note="Halved it himself before a journey."),
        Kidney(day=-62, at="11:10", egfr="62"),
        Kidney(day=-1, at="16:20", egfr="41"),
        name=("Osei", "Daniel"), born=date(1955, 1, 21), number="SP-0290", sex="male", mg="10 10 20 0",
    ),
    _course(
        Dose(day=-30, at="11:00", mg="15 15 20 0"),
        Sedation(day=-1, at="15:30", by=BRANDT, grade=3, source="carer", note="Hard to rouse in the afternoon."),
        name=("Kovalenko", "Iryna"), born=date(1987, 7, 8), number="SP-0502", sex="female", mg="10 10 20 0",
    ),
    _course(
        Taken(day=0, at="08:30", by=BRANDT, kind=IntakeKind.MISSED, first=-1, last=0, mg="10 0 10 0", missed=1, due=3),
        name=("Farrell", "Joan"), born=date(1979, 5, 30), number="SP-0455", sex="female", mg="10 10 10 0",
    ),
    _course(
        Dose(day=-1, at="14:15", mg="15 15 20 0", reason="response"),
        name=("Adeyemi", "Tunde"), born=date(1974, 2, 17), number="SP-0519", sex="male", mg="10 10 10 0",
    ),
)  # fmt: skip

_WITH_REVIEWS = (
    _course(
        Scores(day=-46, at="10:00", values={"spasticity": "7"}),
        Scores(day=-4, at="10:00", values={"spasticity": "7"}),
        PlannedReview(day=-46, at="10:05", due=-4, purpose="Review after 6 weeks at a steady dose"),
        name=("Hollis", "Peter"), born=date(1964, 12, 2), number="SP-0347", sex="male", mg="20 20 20 0",
    ),
    _course(
        Dose(day=-24, at="10:30", mg="10 10 10 0"),
        Sedation(day=-11, at="10:30", by=BRANDT, grade=1),
        PlannedReview(day=-24, at="10:35", due=-3, purpose="Review after step to 30 mg/day"),
        name=("Sandhu", "Harpreet"), born=date(1990, 6, 14), number="SP-0476", sex="female", mg="5 10 10 0",
    ),
    _course(
        Dose(day=-42, at="11:15", mg="5 10 10 0"),
        Scores(day=-42, at="11:10", values={"spasticity": "6"}),
        Scores(day=-7, at="11:10", by=BRANDT, values={"spasticity": "4"}),
        PlannedReview(day=-42, at="11:20", due=0, purpose="Review at 6 weeks"),
        name=("Quill", "Beatrice"), born=date(1951, 10, 25), number="SP-0213", sex="female", mg="5 5 10 0",
    ),
)  # fmt: skip

_WITH_PLANS = (
    _course(
        DrawnPlan(day=-8, at="09:30", kind=PlanKind.TITRATION, way=WayUp.EQUAL, first=-7, target_mg="60",
                  step_mg="15", step_days=7, signs="09:35"),
        Sedation(day=-2, at="09:30", by=BRANDT, grade=0),
        name=("Marsh", "Alan"), born=date(1969, 11, 11), number="SP-0508", sex="male", mg="5 5 5 0",
    ),
    _course(
        DrawnPlan(day=-6, at="13:00", way=WayDown.WEEKLY_5MG, first=-4, signs="13:10"),
        PlannedReview(day=-6, at="13:15", due=17, how="telephone", purpose="Signs after the third step"),
        name=("Lindgren", "Karin"), born=date(1958, 8, 19), number="SP-0362", sex="female", mg="15 15 20 0",
    ),
)  # fmt: skip

_QUIET = (
    _course(
        Dose(day=-33, at="10:50", mg="15 15 15 0"),
        Interruption(day=-1, at="15:40", by=BRANDT, code="surgery", first=9, last=11),
        name=("Iqbal", "Samina"), born=date(1992, 1, 6), number="SP-0530", sex="female", mg="10 15 15 0",
    ),
    _course(
        Dispensed(day=-24, at="15:00", by=LINDQVIST, tablets=42),
        name=("Thorne", "Edward"), born=date(1946, 3, 27), number="SP-0188", sex="male", mg="5 5 5 0",
    ),
    _course(name=("Åkesson", "Lars"), born=date(1971, 2, 28), number="SP-0541", sex="male", mg="10 10 20 0"),
    _course(name=("O'Malley", "Siobhán"), born=date(1988, 12, 19), number="SP-0547", sex="female", mg="5 10 15 0"),
)  # fmt: skip

OTHERS = (*_WITH_FLAGS, *_WITH_REVIEWS, *_WITH_PLANS, *_QUIET)

HARBOUR_PATIENT = _course(
    name=("Castellan", "Mirko"), born=date(1966, 6, 6), number="HP-0007", sex="male", mg="10 10 10 0"
)

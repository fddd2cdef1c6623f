"""Two ways down: a three-week taper that goes to plan, and a draft that nobody should sign as it stands."""

from datetime import date

from titration.demo.acts import (
    BRANDT,
    LINDQVIST,
    DoneReview,
    DrawnPlan,
    Person,
    PlannedReview,
    Scores,
    Sedation,
    Story,
    Taken,
)
from titration.domain.planning import WayDown
from titration.domain.record import IntakeKind

NOVAK = Story(
    slug="three-week-taper-on-plan",
    title="A 3-week taper under way, on plan",
    person=Person(
        family_name="Novak", given_name="Petra", born=date(1983, 4, 9), identifier="SP-0431", sex="female",
        weight_g=61_000, exposure_months=14, registered=-90, mg="20 20 20 0", since=-120,
    ),
    acts=(
        Scores(day=-90, at="09:30", values={"spasticity": "4", "pain": "2"}),
        Sedation(day=-90, at="09:32", grade=1),
        Scores(day=-13, at="10:00", values={"spasticity": "3", "pain": "2"}, note="Wishes to stop."),
        DrawnPlan(day=-13, at="10:10", way=WayDown.THREE_WEEKS, first=-10, signs="10:20"),
        PlannedReview(day=-13, at="10:25", due=-5, how="telephone", purpose="Telephone review in taper"),
        PlannedReview(day=-13, at="10:26", due=0, how="telephone", purpose="Telephone review in taper"),
        PlannedReview(day=-13, at="10:27", due=12, purpose="After the last step"),
        Taken(day=-5, at="09:40", by=BRANDT, kind=IntakeKind.AS_PRESCRIBED, first=-10, last=-5, note="As planned."),
        Scores(day=-5, at="09:42", by=BRANDT, values={"spasticity": "4", "pain": "2"}),
        DoneReview(day=-5, at="09:45", by=BRANDT),
    ),
)  # fmt: skip

PRYCE = Story(
    slug="taper-drawn-up-too-fast",
    title="A taper drawn up too fast, still a draft",
    person=Person(
        family_name="Pryce", given_name="Owen", born=date(1957, 11, 2), identifier="SP-0445", sex="male",
        weight_g=81_000, exposure_months=40, registered=-60, mg="20 20 20 0", since=-200,
    ),
    acts=(
        Scores(day=-60, at="10:00", values={"spasticity": "6", "pain": "5"}),
        Scores(day=-2, at="15:00", values={"spasticity": "6", "pain": "5"}, note="No better; wishes to stop."),
        DrawnPlan(
            day=-1, at="16:20", by=LINDQVIST, way=WayDown.EQUAL, first=3, step_mg="20", step_days=2,
            note="Drafted for the discharge in a week.",
        ),
        PlannedReview(day=-1, at="16:30", by=LINDQVIST, due=1, purpose="Sign or slow down the drafted taper"),
    ),
)  # fmt: skip

"""Margaret Ashdown: raised, stepped back for sedation, raised again; a slow taper was signed; the box ran empty."""

from datetime import date

from titration.demo.acts import (
    BRANDT,
    LINDQVIST,
    AcceptedFlag,
    Act,
    Contact,
    Dispensed,
    DoneReview,
    Dose,
    DrawnPlan,
    Kidney,
    Medicine,
    Person,
    PlannedReview,
    Scores,
    Sedation,
    Story,
    Symptoms,
    Taken,
)
from titration.domain.planning import WayDown
from titration.domain.record import IntakeKind, SymptomList

_DOSES: tuple[Act, ...] = (
    Dose(day=-158, mg="5 5 5 0", note="Labelled first step."),
    Dose(day=-151, at="10:15", mg="10 10 10 0"),
    Dose(day=-137, at="10:40", mg="15 15 15 0"),
    Dose(day=-123, at="11:05", mg="20 20 20 0"),
    Dose(day=-118, at="09:30", mg="15 15 15 0", reason="sedation", note="Stepped back for sedation grade 2."),
    Dose(day=-95, at="10:20", mg="15 15 20 0", note="Second attempt, 23 days without drowsiness."),
    Dose(day=-81, at="10:05", mg="20 20 20 0", reason="response"),
)

# Days, spasticity, pain.
_SCORES = (
    (-161, 8, 5), (-151, 8, 5), (-137, 7, 4), (-123, 5, 4), (-109, 6, 4), (-95, 6, 4), (-81, 5, 3), (-32, 4, 3),
    (-18, 4, 2), (-4, 4, 3),
)  # fmt: skip

_RESPONSES: tuple[Act, ...] = (
    *(
        Scores(day=day, at="14:50", values={"spasticity": str(spasticity), "pain": str(pain)})
        for day, spasticity, pain in _SCORES
    ),
    Scores(day=-67, at="11:30", values={"spasticity": "7"}, wrong="The score of another visit was typed."),
    Scores(day=-67, at="11:40", values={"spasticity": "4", "pain": "3"}),
    Scores(day=0, at="08:50", by=BRANDT, values={"spasticity": "7", "pain": "4"}, note="By telephone."),
)

_REPORTS: tuple[Act, ...] = (
    Symptoms(day=-151, at="10:10", severities={"nausea": "mild"}, onset=-154, ended=-152),
    Sedation(day=-135, at="11:00", by=BRANDT, grade=1),
    Symptoms(day=-119, at="09:10", by=BRANDT, severities={"dizziness": "mild"}, onset=-120, ended=-119),
    Sedation(
        day=-119, at="09:15", by=BRANDT, grade=2, driving_affected=True, note="Asleep at noon; has stopped driving."
    ),
    Sedation(day=-109, at="11:20", by=BRANDT, grade=1),
    Sedation(day=-95, at="10:15", by=BRANDT, grade=0),
    Sedation(day=-77, at="16:00", by=BRANDT, grade=1, source="carer"),
    Taken(
        day=-37, at="09:15", by=BRANDT, kind=IntakeKind.MISSED, first=-39, last=-38, mg="20 0 20 0", missed=1, due=3,
        note="Missed the midday doses while travelling.",
    ),
    Symptoms(
        day=-11, at="10:10", severities={"weakness": "moderate"}, onset=-39, note="Two falls. Reason for the taper."
    ),
    Taken(
        day=0, at="08:50", by=BRANDT, kind=IntakeKind.RAN_OUT, first=-1, last_dose=(-2, "22:00"),
        note="Pharmacy had no prescription.",
    ),
    Symptoms(
        day=0, at="08:52", by=BRANDT, listed=SymptomList.WITHDRAWAL_SIGN,
        severities={"insomnia": "mild", "more_spasms": "mild"}, onset=0, note="By telephone.",
    ),
    Contact(day=0, at="09:20", by=BRANDT, code="W1", note="Called 09:20: daughter will bring her in this morning."),
)  # fmt: skip

_WEEKLY = (
    (3, "15 15 20 0"), (10, "15 10 15 0"), (17, "10 10 15 0"), (24, "10 10 10 0"), (31, "10 5 10 0"),
    (38, "5 5 10 0"), (45, "5 5 5 0"), (52, "5 0 5 0"), (59, "0 0 5 0"), (66, "0 0 0 0"),
)  # fmt: skip

_PLANS: tuple[Act, ...] = (
    DrawnPlan(day=-11, at="10:30", way=WayDown.THREE_WEEKS, first=3),
    DrawnPlan(day=-4, at="15:10", way=WayDown.BY_HAND, first=3, by_hand=_WEEKLY, redraws=True, signs="15:20"),
    PlannedReview(day=-29, at="12:10", due=-11, purpose="Response at a steady dose"),
    DoneReview(day=-11, at="10:40"),
    PlannedReview(day=-4, at="15:25", due=13, how="telephone", purpose="Sleep, spasms, missed doses"),
    PlannedReview(day=-4, at="15:26", due=27, purpose="Spasticity score half-way through the taper"),
)

# Days and tablets of 10 mg; the last are used up on the evening of day -2.
_BOXES = ((-158, 84), (-137, 168), (-109, 168), (-81, 147), (-53, 84), (-29, 144))

_FACTS: tuple[Act, ...] = (
    Medicine(day=-161, at="09:10", code="gabapentinoid", since=-700, note="Gabapentin 300 mg at night."),
    Kidney(day=-11, at="10:20", egfr="74"),
    *(Dispensed(day=day, at="12:00", by=LINDQVIST, tablets=tablets) for day, tablets in _BOXES),
    AcceptedFlag(
        day=-118, at="09:40", code="S2", reason="benefit_outweighs", days=14, note="Stepped back; gabapentin unchanged."
    ),
    AcceptedFlag(day=-4, at="15:30", code="W8", reason="contact_planned", days=3, note="Repeat sent to the pharmacy."),
)

ASHDOWN = Story(
    slug="abrupt-stop-by-an-empty-box",
    title="An abrupt stop by an empty box, with withdrawal signs",
    person=Person(
        family_name="Ashdown", given_name="Margaret", born=date(1968, 3, 12), identifier="SP-0417", sex="female",
        weight_g=None, registered=-161,
    ),
    acts=(*_DOSES, *_RESPONSES, *_REPORTS, *_PLANS, *_FACTS),
)  # fmt: skip

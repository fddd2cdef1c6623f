"""Three ways up: as the label says; stopped by sedation and raised more slowly; off-label for alcohol dependence."""

from datetime import date

from titration.demo.acts import (
    BRANDT,
    LINDQVIST,
    OKAFOR,
    DoneReview,
    Dose,
    DrawnPlan,
    Person,
    PlannedReview,
    Scores,
    Sedation,
    Story,
    Symptoms,
)
from titration.domain.planning import WayUp
from titration.domain.record import PlanKind

MARLOWE = Story(
    slug="labelled-titration-to-80-mg",
    title="The labelled US titration to 80 mg with good effect",
    person=Person(
        family_name="Marlowe", given_name="Frances", born=date(1979, 9, 23), identifier="SP-0401", sex="female",
        weight_g=68_000, registered=-63,
    ),
    acts=(
        Scores(day=-63, at="09:30", values={"spasticity": "8", "pain": "6", "penn": "3"}),
        DrawnPlan(
            day=-63, at="09:40", by=OKAFOR, kind=PlanKind.TITRATION, way=WayUp.LABELLED_US, first=-62, target_mg="80",
            signs="09:45",
        ),
        PlannedReview(day=-63, at="09:50", due=-42, purpose="Response after the titration"),
        Symptoms(day=-52, at="11:00", by=BRANDT, severities={"fatigue": "mild"}, onset=-55, ended=-52),
        Scores(day=-52, at="11:05", by=BRANDT, values={"spasticity": "6", "pain": "5", "penn": "2"}),
        Sedation(day=-52, at="11:10", by=BRANDT, grade=1),
        Sedation(day=-42, at="10:10", grade=0),
        Scores(day=-42, at="10:15", values={"spasticity": "4", "pain": "3", "penn": "1"}),
        DoneReview(day=-42, at="10:30"),
        Scores(day=-14, at="10:15", values={"spasticity": "3", "pain": "2", "penn": "1"}),
        Sedation(day=-14, at="10:20", grade=0),
        PlannedReview(day=-14, at="10:30", due=42, purpose="Lowest dose that keeps the effect"),
    ),
)  # fmt: skip

TANAKA = Story(
    slug="stepped-back-for-sedation",
    title="Titration stopped by sedation, stepped back, raised more slowly",
    person=Person(
        family_name="Tanaka", given_name="Ken", born=date(1966, 1, 30), identifier="SP-0409", sex="male",
        weight_g=74_500, registered=-75,
    ),
    acts=(
        Scores(day=-75, at="09:20", values={"spasticity": "7", "pain": "4", "ashworth": "3"}),
        Dose(day=-75, at="09:30", mg="5 5 5 0", note="Labelled first step."),
        Dose(day=-72, at="09:30", mg="10 10 10 0"),
        Dose(day=-69, at="09:30", mg="15 15 15 0"),
        Sedation(day=-67, at="14:00", by=BRANDT, grade=2, source="carer", falls=True, note="Sleeps through lunch."),
        Dose(day=-67, at="15:10", mg="10 10 10 0", reason="sedation", note="One step back, then more slowly."),
        PlannedReview(day=-67, at="15:20", due=-60, how="telephone", purpose="Drowsiness after the step back"),
        Sedation(day=-60, at="10:00", by=BRANDT, grade=0, note="Awake all day again."),
        Symptoms(day=-60, at="10:05", by=BRANDT, severities={"drowsiness": "moderate"}, onset=-68, ended=-64),
        DoneReview(day=-60, at="10:10", by=BRANDT),
        Dose(day=-53, at="10:00", mg="10 10 15 0", note="5 mg a fortnight from now on."),
        Sedation(day=-46, at="10:00", by=BRANDT, grade=1),
        Dose(day=-39, at="10:00", mg="15 10 15 0"),
        Scores(day=-39, at="09:50", values={"spasticity": "5", "pain": "3", "ashworth": "2"}),
        Dose(day=-25, at="10:00", mg="15 15 15 0"),
        Sedation(day=-18, at="10:00", by=BRANDT, grade=1),
        Dose(day=-11, at="10:00", mg="15 15 20 0"),
        Sedation(day=-4, at="10:00", by=BRANDT, grade=0),
        Scores(day=-4, at="10:05", by=BRANDT, values={"spasticity": "4", "pain": "2", "ashworth": "1+"}),
        PlannedReview(day=-4, at="10:10", by=BRANDT, due=3, how="telephone", purpose="Drowsiness before the next 5 mg"),
    ),
)  # fmt: skip

# Days and doses on the way up, in steps that the French regulator's schedule allows.
_DUARTE_DOSES = (
    (-110, "5 5 5 0"), (-103, "10 10 10 0"), (-96, "15 15 15 0"), (-89, "20 20 20 0"), (-75, "25 25 25 0"),
    (-61, "30 25 30 0"), (-47, "35 30 35 0"), (-33, "35 35 40 0"), (-19, "40 40 40 0"),
)  # fmt: skip

DUARTE = Story(
    slug="above-120-mg-off-label",
    title="An off-label dose above 120 mg for alcohol dependence, with reasons on record",
    person=Person(
        family_name="Duarte", given_name="Rui", born=date(1983, 5, 4), identifier="SP-0423", sex="male",
        indication="alcohol_dependence", weight_g=88_000, conditions=("alcohol_use_disorder",), registered=-111,
    ),
    acts=(
        *(Dose(day=day, at="13:30", mg=mg, note="Craving returns in the evening.") for day, mg in _DUARTE_DOSES),
        Dose(
            day=-9, at="13:40", mg="40 40 50 0", note="Craving returns in the evening.", answer="specialist_advice",
            answer_comment="Abstinent for 5 weeks; second opinion obtained, addiction team agrees.",
        ),
        Sedation(day=-96, at="13:20", by=BRANDT, grade=1),
        Sedation(day=-47, at="13:20", by=BRANDT, grade=0),
        PlannedReview(day=-19, at="13:40", due=-9, purpose="Second opinion before going above 120 mg/day"),
        Sedation(day=-9, at="13:10", grade=0),
        DoneReview(day=-9, at="13:35"),
        Sedation(day=-2, at="11:00", by=LINDQVIST, grade=1, note="At the pharmacy counter."),
        PlannedReview(
            day=-2, at="11:10", by=LINDQVIST, due=4, purpose="Sedation at 130 mg/day, before the accepted flag ends",
        ),
    ),
)  # fmt: skip

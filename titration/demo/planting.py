"""Performs the acts of stories in the order of time, so that audit rows and flags are real.

Between two acts of a patient, time alone may have changed an answer: such days are re-assessed on the way, as the
background command would have done. An act of today whose hour has not come yet happens now.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta

from titration.demo.acts import Act, Story, day_of, regimen_of
from titration.demo.bed import Bed
from titration.demo.performing import perform
from titration.domain.record import PlanState
from titration.models import Flag, FlagState, Membership, Patient, Plan
from titration.services.drafts import PatientDetails
from titration.services.patients import register_patient
from titration.services.reassessment import reassess_patient

_NIGHTLY = time(3)


def plant(stories: Iterable[Story], people: dict[str, Membership], *, started_at: datetime) -> Iterator[Story]:
    """Register everybody and perform every act, oldest first over all stories. Yields each story when it is whole."""
    beds = [Bed(story=story, people=people, started_at=started_at) for story in stories]
    deeds = sorted(_deeds(beds), key=lambda deed: deed[:3])
    last = {id(bed): at for at, _, _, bed, _ in deeds}
    for at, _, _, bed, act in deeds:
        _perform(bed, act, at)
        if last[id(bed)] is at:
            reassess_until(bed, started_at)
            yield bed.story


type Deed = tuple[datetime, int, int, Bed, Act | None]


def _deeds(beds: Sequence[Bed]) -> Iterator[Deed]:
    """(instant, bed's place, act's place, bed, act); the registration, None, comes first."""
    for place, bed in enumerate(beds):
        person = bed.story.person
        yield bed.instant(person.registered, person.registered_at), place, 0, bed, None
        for number, act in enumerate(sorted(bed.story.acts, key=lambda act: (act.day, act.at)), start=1):
            yield bed.now(act), place, number, bed, act


def _perform(bed: Bed, act: Act | None, at: datetime) -> None:
    if act is None:
        bed.patient_row = _register(bed, at)
        return
    reassess_until(bed, at)
    perform(act, bed, bed.people[act.by], at)
    bed.patient.refresh_from_db(fields=["next_assessment_on"])


def _register(bed: Bed, now: datetime) -> Patient:
    person = bed.story.person
    details = PatientDetails(
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.born,
        identifier=person.identifier,
        indication=person.indication,
        sex=person.sex,
        weight_g=person.weight_g,
        responsible=bed.people["okafor"],
        exposure_months=person.exposure_months,
        intrathecal_pump=False,
        conditions=person.conditions,
    )
    since = None if person.since is None else day_of(bed.today, person.since)
    actor = bed.people[person.registered_by]
    return register_patient(actor=actor, details=details, regimen=regimen_of(person.mg), since=since, now=now)


def reassess_until(bed: Bed, at: datetime) -> None:
    """What time alone changed before `at`, on the nights on which it did.

    Nothing moves without a flag that stands or a plan that runs.
    """
    patient, zone = bed.patient, bed.clinic.zone
    while patient.next_assessment_on is not None and _may_move(patient):
        night = datetime.combine(patient.next_assessment_on, _NIGHTLY, tzinfo=zone)
        if night >= at:
            return
        before = patient.next_assessment_on
        reassess_patient(patient.pk, night)
        patient.refresh_from_db(fields=["next_assessment_on"])
        if patient.next_assessment_on == before:
            patient.next_assessment_on = before + timedelta(days=1)


def _may_move(patient: Patient) -> bool:
    flags = Flag.objects.filter(patient=patient, state__in=[FlagState.OPEN, FlagState.ACCEPTED])
    return flags.exists() or Plan.objects.filter(patient=patient, state=PlanState.RUNNING).exists()

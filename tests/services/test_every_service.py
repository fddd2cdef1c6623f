"""What holds for every write: audited once by name, whole or not at all, refused to a reader and to another clinic."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from tests.factories import make_patient
from tests.services.acts import ACTS
from titration.models import AuditEvent, Membership, Patient
from titration.permissions import PermissionRefused
from titration.services.audit import broken_links

each_act = pytest.mark.parametrize("action", ACTS)


def snapshot() -> dict[str, list[tuple[object, ...]]]:
    models = apps.get_app_config("titration").get_models()
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


@pytest.fixture
def refuse_audit() -> object:
    """A database that takes no audit row any more."""

    def refuse() -> None:
        body = {
            "sqlite": ["CREATE TEMP TRIGGER no_audit BEFORE INSERT ON main.titration_auditevent "
                       "BEGIN SELECT RAISE(ABORT, 'disk full'); END"],
            "postgresql": ["CREATE TRIGGER no_audit BEFORE INSERT ON titration_auditevent "
                           "FOR EACH ROW EXECUTE FUNCTION titration_refuse()"],
        }[connection.vendor]  # fmt: skip
        with connection.cursor() as cursor:
            for sql in body:
                cursor.execute(sql)

    return refuse


@each_act
def test_leaves_an_audit_row_of_its_name(action: str, alice: Membership, patient: Patient) -> None:
    act = ACTS[action](alice, patient)
    before = AuditEvent.objects.count()
    act()
    written = AuditEvent.objects.order_by("pk")[before:]
    assert action in [event.action for event in written]
    assert {event.actor for event in written} == {alice.user}
    assert list(broken_links()) == []


@each_act
def test_a_failing_audit_rolls_everything_back(action: str, alice: Membership, patient: Patient, refuse_audit) -> None:
    act = ACTS[action](alice, patient)
    before = snapshot()
    refuse_audit()
    with pytest.raises(DatabaseError):
        act()
    assert snapshot() == before


@each_act
def test_a_reader_is_refused_with_a_sentence_and_an_audit_row(
    action: str, alice: Membership, bob: Membership, patient: Patient
) -> None:
    ready = _prepared_by(alice, action, patient)
    alice.role = bob.role
    alice.user = bob.user
    before = {name: rows for name, rows in snapshot().items() if name != "AuditEvent"}
    with pytest.raises(PermissionRefused) as refused:
        ready()
    assert refused.value.sentence.endswith(".")
    assert {name: rows for name, rows in snapshot().items() if name != "AuditEvent"} == before
    last = AuditEvent.objects.latest("pk")
    assert (last.action, last.actor, last.detail["attempt"]) == ("refused", bob.user, action)


def _prepared_by(actor: Membership, action: str, patient: Patient):
    return ACTS[action](actor, patient)


@each_act
def test_another_clinics_patient_is_refused(action: str, alice: Membership, charlie: Membership) -> None:
    if action == "patient.registered":
        pytest.skip("has no patient yet")
    act = ACTS[action](charlie, make_patient(charlie))
    charlie.clinic, charlie.clinic_id = alice.clinic, alice.clinic_id
    with pytest.raises(PermissionRefused):
        act()
    assert AuditEvent.objects.latest("pk").patient_public_id is None

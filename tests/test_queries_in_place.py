"""No query outside its layer, and none without its clinic: what would pass another clinic's row is found here."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import FunctionType

import pytest

from tests.test_architecture import PACKAGE
from titration import permissions, selectors
from titration.models import Membership
from titration.selectors import find_patients, visible_patients

LAYERS = {"selectors", "services", "models", "migrations", "demo", "bench", "management", "backups", "torture"}
MANAGERS = {"objects", "_default_manager", "_base_manager", "raw", "extra"}
# Outside the layers: who signs in, which is asked before there is a membership, and whether a demo person exists.
AT_THE_DOOR = {"membership.py": {"Membership"}, "sign_ins.py": {"User"}, "demo_people.py": {"User"}}
DOOR_FOLDERS = {"accounts"}

# What a selector's rows hang on: without one of these in its hands it could ask for everybody's.
SCOPES = {
    "membership",
    "patient",
    "person",
    "plan",
    "flag",
    "clinic",
    "actor",
    "entry",
    "shown",
    "user",
    "made",
    "draft",
}
# Public functions of selectors that ask for no row of a clinic.
ASK_NO_ROW = {"read_birth_date", "understood_birth_date", "local", "regimen_of"}


def queries(file: Path) -> Iterator[str]:
    """Each `Model.objects` and its like, as written."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield ast.unparse(node)


def outside_files() -> list[Path]:
    layers = LAYERS | DOOR_FOLDERS
    return [file for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).parts[0] not in layers]


def test_no_query_stands_outside_selectors_and_services() -> None:
    found = [
        f"{file.relative_to(PACKAGE)}: {query}"
        for file in outside_files()
        for query in queries(file)
        if query.partition(".")[0] not in AT_THE_DOOR.get(file.name, set())
    ]
    assert found == [], "Ask a selector, which knows the clinic."


def test_the_search_for_queries_finds_one(tmp_path: Path) -> None:
    file = tmp_path / "view.py"
    file.write_text("def f():\n    return Patient.objects.get(pk=1)\n")
    assert list(queries(file)) == ["Patient.objects"]


def public_selectors() -> dict[str, FunctionType]:
    modules = [import_module(f"titration.selectors.{each.name}") for each in iter_modules(selectors.__path__)]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": function
        for module in modules
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_selector_is_handed_whose_rows_it_may_see() -> None:
    """A read that takes neither a membership nor a row that came through one could return everybody's."""
    unscoped = [
        name
        for name, function in public_selectors().items()
        if not SCOPES & set(inspect.signature(function).parameters) and name.rpartition(".")[2] not in ASK_NO_ROW
    ]
    assert [name for name in unscoped if name not in UNSCOPED_WITH_REASON] == []


# By module and name: why it needs no scope of its own.
UNSCOPED_WITH_REASON = {
    "audit.outside_clinics": "rows that belong to no clinic, for whoever runs the server, without a patient",
    "asked_steps.steps_still_counting": "a condition that selectors put beside their scope; it reads nothing",
    "followed.followed": "a condition that selectors put beside their scope; it reads nothing",
    "operations.waiting_flags": "counts of the whole server, for its operator, without a patient",
    "operations.reassess_lag_seconds": "one number for the operator",
    "operations.urgent_flags_by_clinic": "counts by clinic for the daily mail, without a patient",
    "operations.members_to_tell": "whom the daily mail goes to",
    "people.person_with": "whether an invited address has an account already",
    "waiting.reviews_due": "a condition that selectors put beside their scope; it reads nothing",
    "waiting.steps_between": "likewise",
    "waiting.tablets_between": "likewise",
    "intakes.read_reported": "is handed the patients of a worklist that came through a membership",
    "intakes.read_intakes": "is handed the patients of a worklist that came through a membership",
    "sparklines.read_sparklines": "is handed the patients of a worklist that came through a membership",
}


@pytest.mark.django_db
def test_without_a_membership_there_is_nothing(alice: Membership, patient: object) -> None:
    from tests.factories import NOW

    assert visible_patients(alice).count() == 1
    assert visible_patients(None).count() == 0
    assert find_patients(None, "Ashdown") == []
    alice.disabled_at = NOW
    assert visible_patients(alice).count() == 0


def test_every_right_is_asked_for() -> None:
    """No function of permissions.py that nobody calls, and no action that nobody needs."""
    sources = [file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py") if file.name != "permissions.py"]
    own = (PACKAGE / "permissions.py").read_text(encoding="utf-8")
    functions = [name for name, each in vars(permissions).items() if inspect.isfunction(each)
                 and each.__module__ == permissions.__name__]  # fmt: skip
    everywhere = "\n".join(sources)
    dead = [name for name in functions if f"{name}(" not in everywhere.replace(f"def {name}(", "") and name != "can"]
    assert dead == []
    asked = everywhere + own.partition("def can(")[2]
    named = [each for each in permissions.Action if f"Action.{each.name}" in asked or f'"{each.value}"' in asked]
    assert set(permissions.Action) - set(named) == set()

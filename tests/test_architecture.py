"""The direction of imports, as the map of the house draws it.

A layer imports only from itself and from the layers named here; the pure ones know no Django.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "titration"
EDGE = {"domain", "charts", "exports", "imports", "models", "permissions", "selectors", "services"}
MAY_IMPORT = {
    "domain": {"domain"},
    "charts": {"charts", "domain"},
    "exports": {"exports", "charts", "domain"},
    "imports": {"imports", "domain"},
    "models": {"models", "domain"},
    "permissions": {"permissions", "models", "domain"},
    "selectors": {"selectors", "permissions", "models", "domain"},
    "services": {"services", "selectors", "permissions", "models", "imports", "domain"},
}
# The layers that know no Django, and the only other packages each may use.
PURE = {
    "domain": set[str](),
    "charts": set[str](),
    "exports": {"typst", "font_source_sans_pro", "manimgx_fonts", "manimgx_fonts_cjk"},
    "imports": {"openpyxl"},
}


def modules(layer: str) -> list[Path]:
    alone = PACKAGE / f"{layer}.py"
    return [alone] if alone.is_file() else sorted((PACKAGE / layer).rglob("*.py"))


def imports(source: str) -> Iterator[str]:
    """Every imported name in full: `from titration import models` is titration.models."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def crossings(layer: str, source: str) -> list[str]:
    """The imports of a module in `layer` that the map forbids."""
    return [name for name in imports(source) if not _is_allowed(layer, name.split("."))]


def _is_allowed(layer: str, parts: list[str]) -> bool:
    if parts[0] == "titration":
        unlayered = layer not in PURE and parts[1] not in EDGE | {"views", "forms", "management", "urls", "admin"}
        return unlayered or parts[1] in MAY_IMPORT[layer]
    return layer not in PURE or parts[0] in sys.stdlib_module_names | PURE[layer]


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_of_the_map_exists(layer: str) -> None:
    assert modules(layer)


def test_every_folder_has_its_place_in_the_map() -> None:
    edge = {"accounts", "views", "forms", "templatetags", "management", "migrations"}
    edge |= {"doorway", "locale", "demo", "bench", "torture", "backups"}
    folders = {folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and folder.name != "__pycache__"}
    assert folders <= set(MAY_IMPORT) | edge


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_a_layer_imports_only_what_lies_below_it(layer: str) -> None:
    found = {str(file.relative_to(PACKAGE)): crossings(layer, file.read_text()) for file in modules(layer)}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        pytest.param("domain", "import django", id="the domain knows no Django"),
        pytest.param("domain", "from titration import models", id="the domain knows no rows"),
        pytest.param("domain", "from titration.settings import DEBUG", id="the domain knows no settings"),
        pytest.param("domain", "def f():\n    import requests", id="an import inside a function counts"),
        pytest.param("charts", "from titration.exports import FORMATS", id="a chart knows no export"),
        pytest.param("exports", "from django.conf import settings", id="an export knows no Django"),
        pytest.param("models", "from titration.services.doses import record_dose_change", id="a row knows no service"),
        pytest.param("selectors", "from titration.services import flags", id="a read writes nothing"),
        pytest.param("services", "from titration.views import doses", id="a service knows no page"),
    ],
)
def test_a_forbidden_import_is_seen(layer: str, source: str) -> None:
    assert crossings(layer, source)


def test_an_import_downwards_is_allowed() -> None:
    assert crossings("services", "from titration.models import User\nimport django\nimport datetime") == []


def test_imports_are_absolute_so_that_none_escapes_the_map() -> None:
    relative = [
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []

"""The parts of a workbook that say where its first sheet is, what its shared texts are and which numbers are dates."""

import posixpath
import zipfile
from collections.abc import Sized
from dataclasses import dataclass

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from titration.imports.sheets import NotATable
from titration.imports.xml_parts import NO_SHEET, TOO_MUCH, Allowance, PartReader, TextReader

LONGEST_FORMAT = 255
# Spreadsheet programs themselves know fewer of each.
MOST_STYLES = 100_000
MOST_RELATIONS = 2_000
_ROOT = "_rels/.rels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """kind: the last word of its type. part: the name in the package."""

    kind: str
    part: str


class RelationsReader(PartReader):
    def __init__(self, allowance: Allowance, folder: str) -> None:
        super().__init__(allowance)
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def begin_Relationship(self, attributes: dict[str, str]) -> None:  # noqa: N802 - the element's name
        if attributes.get("TargetMode") == "External":
            return
        target = posixpath.normpath(posixpath.join("/", self._folder, attributes["Target"])).lstrip("/")
        kind = attributes["Type"].rpartition("/")[2]
        check_count(self.found, MOST_RELATIONS)
        self.found[attributes["Id"]] = Relation(kind=kind, part=target)


class WorkbookReader(PartReader):
    """sheets: the relation of each sheet, in order."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(allowance)
        self.sheets: list[str] = []
        self.counts_from_1904 = False

    def begin_workbookPr(self, attributes: dict[str, str]) -> None:  # noqa: N802
        self.counts_from_1904 = attributes.get("date1904") in ("1", "true")

    def begin_sheet(self, attributes: dict[str, str]) -> None:
        check_count(self.sheets, MOST_RELATIONS)
        self.sheets += [value for name, value in attributes.items() if name.endswith(":id")]


class StringsReader(TextReader):
    """The shared texts."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(allowance)
        self.texts: list[str] = []

    def begin_si(self, _: dict[str, str]) -> None:
        self.pieces = []

    def end_si(self) -> None:
        self.texts.append("".join(self.pieces).replace("x005F_", ""))


class StylesReader(PartReader):
    """Which style of a cell makes a date, or a length of time, of its number."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(allowance)
        self._formats: dict[str, str] = {}
        self._styles: list[str] = []
        self._is_formats = self._is_cells = False
        self._known: dict[str, tuple[bool, bool]] = {}

    def begin_numFmts(self, _: dict[str, str]) -> None:  # noqa: N802
        self._is_formats = True

    def end_numFmts(self) -> None:  # noqa: N802
        self._is_formats = False

    def begin_numFmt(self, attributes: dict[str, str]) -> None:  # noqa: N802
        if self._is_formats:
            check_count(self._formats, MOST_STYLES)
            self._formats[attributes["numFmtId"]] = attributes["formatCode"][: LONGEST_FORMAT + 1]

    def begin_cellXfs(self, _: dict[str, str]) -> None:  # noqa: N802
        self._is_cells = True

    def end_cellXfs(self) -> None:  # noqa: N802
        self._is_cells = False

    def begin_xf(self, attributes: dict[str, str]) -> None:
        if self._is_cells:
            check_count(self._styles, MOST_STYLES)
            self._styles.append(attributes.get("numFmtId", "0"))

    def is_date(self, style: int) -> tuple[bool, bool]:
        """Whether a number in this style is a date, and whether it is a length of time."""
        if not 0 <= style < len(self._styles):
            return False, False
        number = self._styles[style]
        if number not in self._known:
            self._known[number] = _kind_of(self._formats.get(number) or BUILTIN_FORMATS.get(int(number), ""))
        return self._known[number]


def check_count(found: Sized, most: int) -> None:
    if len(found) >= most:
        raise NotATable(TOO_MUCH)


def _kind_of(code: str) -> tuple[bool, bool]:
    if len(code) > LONGEST_FORMAT:
        raise NotATable(NO_SHEET)
    return is_date_format(code), is_timedelta_format(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """sheet: the part that holds the first sheet."""

    sheet: str
    texts: list[str]
    styles: StylesReader
    counts_from_1904: bool


def read_workbook(package: zipfile.ZipFile, allowance: Allowance) -> Workbook:
    main = _first(_relations(package, _ROOT, "", allowance), "officeDocument")
    folder, name = posixpath.split(main)
    relations = _relations(package, posixpath.join(folder, "_rels", f"{name}.rels"), folder, allowance)
    book, texts, styles = WorkbookReader(allowance), StringsReader(allowance), StylesReader(allowance)
    read_whole(book, package, main)
    for kind, reader in (("sharedStrings", texts), ("styles", styles)):
        if part := _first(relations, kind):
            read_whole(reader, package, part)
    sheets = [relations[each].part for each in book.sheets if each in relations and relations[each].kind == "worksheet"]
    if not sheets:
        raise NotATable("The file has no sheet with a table.")
    return Workbook(sheet=sheets[0], texts=texts.texts, styles=styles, counts_from_1904=book.counts_from_1904)


def _relations(package: zipfile.ZipFile, part: str, folder: str, allowance: Allowance) -> dict[str, Relation]:
    reader = RelationsReader(allowance, folder)
    read_whole(reader, package, part)
    return reader.found


def _first(relations: dict[str, Relation], kind: str) -> str:
    return next((each.part for each in relations.values() if each.kind == kind), "")


def read_whole(reader: PartReader, package: zipfile.ZipFile, part: str) -> None:
    for _ in reader.read(package, part):
        pass

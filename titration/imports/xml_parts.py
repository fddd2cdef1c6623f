"""XML out of a package that anybody may have made, read piece by piece within what is allowed for the whole workbook.

Nothing is built of a part: a reader has a method for each element that it heeds, and what it heeds of the text counts
against the allowance. So a part of any shape costs at most so many elements, characters, levels and seconds, and a
document type is never read beyond its name.
"""

import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from xml.parsers import expat

from titration.imports.sheets import NotATable

MOST_SECONDS = 4.0
MOST_ELEMENTS = 2_000_000
MOST_CHARACTERS = 10_000_000
MOST_LEVELS = 64
LONGEST_PIECE_BYTES = 2_000_000
CHUNK_BYTES = 65_536
TOO_MUCH = "This workbook holds more than is read at once. Copy the table alone, as values, to a new file, or use CSV."
NO_SHEET = "This file is no spreadsheet that can be read. Save it as XLSX again, or as CSV."


@dataclass(slots=True, kw_only=True)
class Allowance:
    """What is left for one workbook, and the moment at which its reading ends."""

    elements: int = MOST_ELEMENTS
    characters: int = MOST_CHARACTERS
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    def take_element(self) -> None:
        self.elements -= 1
        if self.elements < 0:
            raise NotATable(TOO_MUCH)

    def take_text(self, words: str) -> None:
        self.characters -= len(words)
        if self.characters < 0:
            raise NotATable(TOO_MUCH)

    def check_time(self) -> None:
        if time.monotonic() > self.until:
            raise NotATable(TOO_MUCH)


def _methods(cls: type, kind: str) -> dict[str, Callable[..., None]]:
    return {name.removeprefix(kind): getattr(cls, name) for name in dir(cls) if name.startswith(kind)}


class PartReader:
    """begin_NAME(attributes) and end_NAME() of a subclass are called for its elements, whatever their prefix; `words`
    collects text meanwhile, where it is no None.
    """

    _begins: ClassVar[dict[str, Callable[..., None]]] = {}
    _ends: ClassVar[dict[str, Callable[..., None]]] = {}

    def __init_subclass__(cls) -> None:
        cls._begins, cls._ends = _methods(cls, "begin_"), _methods(cls, "end_")

    def __init__(self, allowance: Allowance) -> None:
        self.words: list[str] | None = None
        self._allowance, self._level = allowance, 0

    def read(self, package: zipfile.ZipFile, name: str) -> Iterator[None]:
        """Pauses after each piece, so that what was read so far can be taken."""
        parser = self._parser()
        read_bytes = 0
        with package.open(name) as unpacked:
            while chunk := unpacked.read(CHUNK_BYTES):
                self._allowance.check_time()
                parser.Parse(chunk, False)
                read_bytes += len(chunk)
                if read_bytes - parser.CurrentByteIndex > LONGEST_PIECE_BYTES:
                    raise NotATable(TOO_MUCH)
                yield
            if read_bytes != package.getinfo(name).file_size:
                raise NotATable(NO_SHEET)
        parser.Parse(b"", True)
        yield

    def taken(self) -> str:
        """The text since `words` began."""
        text, self.words = "".join(self.words or ()), None
        return text

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _refuse_document_type
        return parser

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._allowance.take_element()
        self._level += 1
        if self._level > MOST_LEVELS:
            raise NotATable(TOO_MUCH)
        if (begin := self._begins.get(name.rpartition(":")[2])) is not None:
            begin(self, attributes)

    def _end(self, name: str) -> None:
        self._level -= 1
        if (end := self._ends.get(name.rpartition(":")[2])) is not None:
            end(self)

    def _text(self, words: str) -> None:
        if self.words is not None:
            self._allowance.take_text(words)
            self.words.append(words)


class TextReader(PartReader):
    """pieces: the texts since somebody emptied it, without what says how they are read aloud."""

    def __init__(self, allowance: Allowance) -> None:
        super().__init__(allowance)
        self.pieces: list[str] = []
        self._is_aloud = False

    def begin_rPh(self, _: dict[str, str]) -> None:  # noqa: N802 - the element's name
        self._is_aloud = True

    def end_rPh(self) -> None:  # noqa: N802
        self._is_aloud = False

    def begin_t(self, _: dict[str, str]) -> None:
        self.words = None if self._is_aloud else []

    def end_t(self) -> None:
        self.pieces.append(self.taken())


def _refuse_document_type(*_: Any) -> None:
    """A spreadsheet's parts have none; entities are declared in one."""
    raise NotATable(NO_SHEET)

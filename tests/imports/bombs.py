"""Files made to hold a reader up: small to send, large to read. Each is told by what it is."""

import io
import struct
import zipfile
from collections.abc import Callable

SHEET, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TYPE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relation(number: int, kind: bytes, target: bytes) -> bytes:
    return b'<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (number, _TYPE, kind, target)


def _relations(*relations: bytes) -> bytes:
    return b"<Relationships>" + b"".join(relations) + b"</Relationships>"


_PARTS = {
    "_rels/.rels": _relations(_relation(1, b"officeDocument", b"xl/workbook.xml")),
    WORKBOOK: b'<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    RELATIONS: _relations(
        _relation(1, b"worksheet", b"worksheets/sheet1.xml"),
        _relation(2, b"styles", b"/xl/styles.xml"),
        _relation(3, b"sharedStrings", b"sharedStrings.xml"),
    ),
    STYLES: b'<styleSheet><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
    STRINGS: b"<sst><si><t>date</t></si><si><t>daily</t></si></sst>",
    SHEET: b'<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    b'<row r="2"><c t="d"><v>2026-01-02</v></c><c><v>10</v></c></row></sheetData></worksheet>',
}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def small() -> bytes:
    """A good one, of which the others are made."""
    return packed(_PARTS)


def with_part(name: str, content: bytes) -> bytes:
    return packed({**_PARTS, name: content})


def with_parts(parts: dict[str, bytes]) -> bytes:
    return packed({**_PARTS, **parts})


def part(name: str) -> bytes:
    return _PARTS[name]


def inside(name: str, opening: bytes, many: bytes) -> bytes:
    """The part with many of something after its opening tag, or with something else in its place."""
    assert opening in part(name), part(name)
    return with_part(name, part(name).replace(opening, opening + many, 1))


def many_styles() -> bytes:
    return with_part(STYLES, b"<styleSheet><cellXfs>" + b'<xf numFmtId="0"/>' * 600_000 + b"</cellXfs></styleSheet>")


def many_formats() -> bytes:
    formats = b"".join(b'<numFmt numFmtId="%d" formatCode="[[[["/>' % number for number in range(200, 250_000))
    return with_part(STYLES, b"<styleSheet><numFmts>" + formats + b"</numFmts></styleSheet>")


def many_shared_strings() -> bytes:
    return with_part(STRINGS, b"<sst>" + b"<si><t>a</t></si>" * 2_000_000 + b"</sst>")


def long_shared_strings() -> bytes:
    return with_part(STRINGS, b"<sst>" + (b"<si><t>" + b"a" * 100_000 + b"</t></si>") * 390 + b"</sst>")


def one_string_used_often() -> bytes:
    """A text of 2,000 characters in every cell of 10,000 rows."""
    sheet = b"".join(b"<row>" + b'<c t="s"><v>0</v></c>' * 40 + b"</row>" for _ in range(10_000))
    parts = _PARTS | {
        SHEET: b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>",
        STRINGS: b"<sst><si><t>" + b"a" * 2000 + b"</t></si></sst>",
    }
    return packed(parts)


def many_pieces_in_one_cell() -> bytes:
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is>' + b"<r><t>abc</t></r>" * 1_900_000 + b"</is></c></row>"
    return with_part(SHEET, b"<worksheet><sheetData>" + cell + b"</sheetData></worksheet>")


def nested() -> bytes:
    return with_part(SHEET, b"<worksheet>" + b"<a>" * 3_000_000 + b"</a>" * 3_000_000 + b"</worksheet>")


def many_attributes() -> bytes:
    attributes = b" ".join(b'a%d=""' % number for number in range(1_500_000))
    return with_part(SHEET, b"<worksheet " + attributes + b"/>")


def one_endless_comment() -> bytes:
    return with_part(SHEET, b"<worksheet><!--" + b"-a" * 15_000_000 + b"--></worksheet>")


def entities() -> bytes:
    declared = b"".join(b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 12))
    return with_part(SHEET, b'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">' + declared + b"]><worksheet>&a11;</worksheet>")


def entities_in_utf_16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    return with_part(SHEET, text.encode("utf-16"))


def external_entity() -> bytes:
    return with_part(SHEET, b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>')


def last_cell_of_all() -> bytes:
    """Its dimension says that it has one cell."""
    sheet = b'<worksheet><dimension ref="A1"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_part(SHEET, sheet + b"</sheetData></worksheet>")


def empty_rows() -> bytes:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, 1_000_000))
    return with_part(SHEET, _PARTS[SHEET].replace(b"</sheetData>", rows + b"</sheetData>"))


def rows_without_numbers() -> bytes:
    return with_part(SHEET, b"<worksheet><sheetData>" + b"<row/>" * 5_000_000 + b"</sheetData></worksheet>")


def cells_in_one_row() -> bytes:
    return with_part(SHEET, b"<worksheet><sheetData><row>" + b"<c/>" * 5_000_000 + b"</row></sheetData></worksheet>")


def huge_ratio() -> bytes:
    return packed({**_PARTS, SHEET: b"<worksheet>" + b" " * 200_000_000 + b"</worksheet>"})


def lying_size(says: int) -> bytes:
    """The directory says that the sheet unpacks to another size than it does."""
    content, part = with_part(SHEET, b"<worksheet>" + b" " * 30_000_000 + b"</worksheet>"), SHEET.encode()
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(part))
    return content[: place + 24] + struct.pack("<L", says) + content[place + 28 :]


def many_sheets() -> bytes:
    return packed({**_PARTS, **{f"xl/worksheets/sheet{number}.xml": b"<a/>" for number in range(2, 5000)}})


def many_named_sheets() -> bytes:
    sheets = b"".join(b'<sheet name="a%d" sheetId="%d" r:id="rId1"/>' % (number, number) for number in range(400_000))
    return inside(WORKBOOK, b"<sheets>", sheets)


def many_relations() -> bytes:
    many = b"".join(b'<Relationship Id="a%d" Type="/a" Target="a"/>' % number for number in range(400_000))
    return inside(RELATIONS, b"<Relationships>", many)


def relation_to_nowhere() -> bytes:
    return with_part(RELATIONS, _PARTS[RELATIONS].replace(b"worksheets/sheet1.xml", b"../../../etc/passwd"))


def packed_another_way() -> bytes:
    return packed(_PARTS, zipfile.ZIP_LZMA)


def same_part_twice() -> bytes:
    """The name of another part is changed to the sheet's, in the file and in its directory."""
    other = "xl/worksheets/sheet9.xml"
    return with_part(other, b"<worksheet/>").replace(other.encode(), SHEET.encode())


def negative_shared_string() -> bytes:
    return with_part(SHEET, _PARTS[SHEET].replace(b"<v>1</v>", b"<v>-1</v>"))


def rows_out_of_order() -> bytes:
    return with_part(SHEET, _PARTS[SHEET].replace(b'r="2"', b'r="1"'))


def one_cell_twice() -> bytes:
    return with_part(SHEET, _PARTS[SHEET].replace(b"<c><v>", b'<c r="B2"><v>20</v></c><c r="B2"><v>'))


def external_link() -> bytes:
    """One that is named and not there: nothing looks for it."""
    link = b'<Relationship Id="rId9" Type="/externalLink" Target="http://192.0.2.1/a.xlsx" TargetMode="External"/>'
    return inside(RELATIONS, b"<Relationships>", link)


def encrypted() -> bytes:
    content = bytearray(small())
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def csv_of_one_line() -> bytes:
    return b"date,daily\n" + b"a" * 4_900_000


def csv_of_a_million_columns() -> bytes:
    return b",".join([b"a"] * 1_000_000) + b"\n1\n"


def csv_of_empty_rows() -> bytes:
    return b"date,daily\n" + b"\n" * 4_900_000


def csv_of_quoted_line_ends() -> bytes:
    return b"date,daily\n" + b'"\n",' * 1_200_000


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "many styles": (many_styles, "holds more than"),
    "many formats of numbers": (many_formats, "holds more than"),
    "many shared strings": (many_shared_strings, "holds more than"),
    "long shared strings": (long_shared_strings, "holds more than"),
    "one string used often": (one_string_used_often, "holds more than"),
    "many pieces in one cell": (many_pieces_in_one_cell, "holds more than"),
    "deeply nested": (nested, "holds more than"),
    "many attributes": (many_attributes, "holds more than"),
    "an endless comment": (one_endless_comment, "holds more than"),
    "entities": (entities, "no spreadsheet"),
    "entities in UTF-16": (entities_in_utf_16, "no spreadsheet"),
    "an external entity": (external_entity, "no spreadsheet"),
    "the last cell of all": (last_cell_of_all, "goes on beyond row"),
    "a million empty rows": (empty_rows, "goes on beyond row"),
    "rows without numbers": (rows_without_numbers, "goes on beyond row"),
    "five million cells in a row": (cells_in_one_row, "holds more than"),
    "a huge ratio": (huge_ratio, "unpacks to more"),
    "a size that is told too small": (lambda: lying_size(1000), "no spreadsheet"),
    "a size that is told too large": (lambda: lying_size(39_000_000), "no spreadsheet"),
    "thousands of sheets": (many_sheets, "unpacks to more"),
    "thousands of sheets by name": (many_named_sheets, "holds more than"),
    "many relations": (many_relations, "holds more than"),
    "a part outside the package": (relation_to_nowhere, "no spreadsheet"),
    "packed another way": (packed_another_way, "no spreadsheet"),
    "one part twice": (same_part_twice, "no spreadsheet"),
    "a shared string before the first": (negative_shared_string, "no spreadsheet"),
    "rows out of order": (rows_out_of_order, "no spreadsheet"),
    "one cell twice": (one_cell_twice, "no spreadsheet"),
    "an external link": (external_link, "1 rows"),
    "locked with a password": (encrypted, "locked with a password"),
    "a CSV of one line": (csv_of_one_line, "longer than"),
    "a CSV of a million columns": (csv_of_a_million_columns, "longer than"),
    "a CSV of empty rows": (csv_of_empty_rows, "goes on beyond row"),
    "a CSV of quoted line ends": (csv_of_quoted_line_ends, "There is no table"),
}

"""ODS: the sheets of LibreOffice and others, whose cells hold the text that they display."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.read.content import Content
from checker.read.formats import sheets, zipped
from checker.read.formats.refused import ODS
from checker.read.formats.sheets import COLUMNS, ROWS, Sheet, Texts

if TYPE_CHECKING:
    from lxml.etree import _Element

SUFFIXES = (".ods", ".ots")
_CONTENT = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_UNSEEN = {f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TEXT}ruby-text", f"{_TEXT}tracked-changes"}
_SET = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_P = f"{_TEXT}p"
_LONGEST_COUNT = 10
_MOST_SPACES = 100


def recognises(data: bytes) -> bool:
    return _CONTENT in zipped.names(data) and zipped.mimetype(data).startswith(ODS)


def read(data: bytes) -> Content:
    package = zipped.Package(data, "ODS")
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise ValueError("encrypted: save it without a password")
    skipped: list[str] = []
    return sheets.content(_sheets(package, skipped), skipped)


def _sheets(package: zipped.Package, skipped: list[str]) -> Iterator[Sheet]:
    """The visible sheets. Rows are emptied as they are read, and so is a table when it ends."""
    unseen: set[str | None] = set()
    sheet, row, column = Sheet(""), 0, 0
    wanted = [f"{_TABLE}{name}" for name in ("table", "table-row", "table-column")]
    for element in package.elements(_CONTENT, f"{_STYLE}style", *wanted):
        if element.tag == f"{_STYLE}style":
            properties = element.find(f"{_STYLE}table-properties")
            if properties is not None and properties.get(f"{_TABLE}display") == "false":
                unseen.add(element.get(f"{_STYLE}name"))
        elif _is_nested(element):
            continue
        elif element.tag == f"{_TABLE}table-column":
            count = _repeated(element, "number-columns-repeated", COLUMNS)
            if _is_hidden(element):
                sheet.hidden_columns.add(column, column + count - 1)
            column += count
        elif element.tag == f"{_TABLE}table-row":
            row += _row(element, row, sheet)
        else:
            sheet.name = element.get(f"{_TABLE}name", "")
            if element.get(f"{_TABLE}style-name") in unseen:
                skipped.append(f"hidden sheet {sheet.name}")
            else:
                yield sheet
            sheet, row, column = Sheet(""), 0, 0


def _is_nested(element: _Element) -> bool:
    """Whether this is part of a table within a cell, or no sheet at all."""
    return next(element.iterancestors(*_CELLS, f"{_OFFICE}annotation"), None) is not None


def _row(element: _Element, row: int, sheet: Sheet) -> int:
    """Add a row to a sheet, as often as it is repeated; returns how often that is."""
    count = _repeated(element, "number-rows-repeated", ROWS)
    if _is_hidden(element):
        sheet.hidden_rows.add(row, row + count - 1)
    texts: Texts = []
    column = 0
    for cell in element.iterchildren(*_CELLS):
        repeated = _repeated(cell, "number-columns-repeated", COLUMNS)
        if len(cell) and cell.tag == _CELLS[0] and column < COLUMNS and (text := _shown(cell)):
            texts += [(at, text) for at in range(column, min(column + repeated, COLUMNS))]
            down = _repeated(cell, "number-rows-spanned", ROWS)
            across = _repeated(cell, "number-columns-spanned", COLUMNS)
            if down > 1 or across > 1:
                sheet.merge(row, column, row + down - 1, column + across - 1)
        column += repeated
    if row < ROWS and texts:
        for at in range(row, min(row + count, ROWS)):
            sheet.add(at, list(texts))
    return count


def _shown(cell: _Element) -> str:
    only = cell[0]
    if len(cell) == 1 and not len(only) and only.tag == _P:
        text = only.text or ""
    else:
        text = "\n".join(_paragraph(paragraph) for paragraph in cell.iterchildren(_P))
    return text if text and not text.isspace() else ""


def _paragraph(element: _Element) -> str:
    """The text of a paragraph or a part of one; without notes, and with the blanks that are elements."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * _repeated(child, "c", _MOST_SPACES, _TEXT))
        elif child.tag in _SET:
            pieces.append(_SET[child.tag])
        elif child.tag not in _UNSEEN:
            pieces.append(_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _is_hidden(element: _Element) -> bool:
    return element.get(f"{_TABLE}visibility", "visible") != "visible"


def _repeated(element: _Element, name: str, most: int, space: str = _TABLE) -> int:
    """A count that an element states, from 1 up to this many."""
    text = element.get(space + name)
    if text is None or not text.isdecimal():
        return 1
    return min(max(int(text), 1), most) if len(text) < _LONGEST_COUNT else most

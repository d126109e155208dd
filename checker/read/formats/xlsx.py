"""XLSX and XLSM: every visible sheet, with its figures as displayed.

Read as a stream of rows with lxml: openpyxl, where it bounds memory, knows no merged cells and no hidden rows, believes
the stated size of a sheet even where it is wrong, formats no number, and takes twice the time; python-calamine knows no
number formats. Formulas show the value that was last computed; nothing is evaluated or run, no link is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any

from checker.read.content import Content
from checker.read.formats import display, sheets, zipped
from checker.read.formats.numerals import display as built_in
from checker.read.formats.sheets import COLUMNS, ROWS, Sheet, Texts

if TYPE_CHECKING:
    from lxml.etree import _Element

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")
_BOOK = "xl/workbook.xml"
_DIGITS = "0123456789"
_TRUE = ("1", "true")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def recognises(data: bytes) -> bool:
    return _BOOK in zipped.names(data)


def read(data: bytes) -> Content:
    book = _Book(zipped.Package(data, "XLSX"))
    return sheets.content(book.sheets(), book.skipped)


class _Book:
    """A workbook: the texts its cells share, the formats of its styles, and its sheets."""

    def __init__(self, package: zipped.Package) -> None:
        self.package = package
        self.skipped: list[str] = []
        root = package.tree(_BOOK)
        properties = root.find("{*}workbookPr")
        self._epoch_1904 = properties is not None and properties.get("date1904") in _TRUE
        self._entries = list(root.iterfind("{*}sheets/{*}sheet"))
        self._formats = _formats(package)
        self._shared = _shared(package)

    def sheets(self) -> Iterator[Sheet]:
        parts = _relations(self.package)
        for entry in self._entries:
            name = entry.get("name", "")
            kind, part = parts.get(entry.get(_RELATION) or entry.get(_STRICT_RELATION) or "", ("", ""))
            if entry.get("state", "visible") != "visible":
                self.skipped.append(f"hidden sheet {name}")
            elif kind != "worksheet":
                self.skipped.append(f"sheet {name}, which has no cells")
            else:
                yield self._sheet(name, part)
        self.skipped += zipped.left_out(self.package, "xl")

    def _sheet(self, name: str, part: str) -> Sheet:
        sheet = Sheet(name)
        self._empty_formulas = 0
        number = -1
        for element in self.package.elements(part, "{*}row", "{*}col", "{*}mergeCell"):
            tag = element.tag
            if tag.endswith("}row"):
                number = _row_number(element, number)
                if element.get("hidden") in _TRUE:
                    sheet.hidden_rows.add(number, number)
                if len(element):
                    sheet.add(number, self._texts(element))
            elif tag.endswith("}mergeCell"):
                first, _, last = element.get("ref", "").partition(":")
                sheet.merge(*sheets.place(first), *sheets.place(last or first))
            elif element.get("hidden") in _TRUE or element.get("width") == "0":
                sheet.hidden_columns.add(_whole(element, "min") - 1, min(_whole(element, "max"), COLUMNS) - 1)
        if self._empty_formulas:
            many = "s" if self._empty_formulas > 1 else ""
            self.skipped.append(f"{self._empty_formulas:,} formula{many} of sheet {name} without a computed value")
        return sheet

    def _texts(self, row: _Element) -> Texts:
        """The texts of a row; cells without a value, as most are in some sheets, are not even looked at."""
        texts: Texts = []
        order: dict[_Element, int] = {}
        for node in row.iter("{*}v", "{*}is"):
            cell: Any = node.getparent()
            text = self._text(cell, node)
            if text and not text.isspace():
                ref = cell.get("r")
                if ref is None and not order:
                    order = {one: i for i, one in enumerate(row)}
                texts.append((order[cell] if ref is None else sheets.column(ref.rstrip(_DIGITS)), text))
        for formula in row.iter("{*}f"):
            value = formula.getnext()
            self._empty_formulas += value is None or not value.text
        return texts

    def _text(self, cell: _Element, node: _Element) -> str:
        """What a cell shows of its value."""
        kind, raw = cell.get("t"), node.text or ""
        if kind is None or kind == "n":
            return display.of_format(self._format(cell), self._epoch_1904)(raw) if raw else ""
        if kind == "s":
            return self._format_text(cell, self._shared_text(raw))
        if kind == "inlineStr":
            return self._format_text(cell, _rich(node))
        if kind == "str":
            return self._format_text(cell, _unescaped(raw))
        if kind == "b":
            return "TRUE" if raw in _TRUE else "FALSE"
        if kind == "d":
            return self._date(raw, self._format(cell))
        return raw

    def _shared_text(self, raw: str) -> str:
        if not raw.isdecimal() or int(raw) >= len(self._shared):
            raise ValueError(f"damaged: there is no shared text {raw[:20]!r}")
        return self._shared[int(raw)]

    def _format(self, cell: _Element) -> str:
        style = cell.get("s")
        return self._formats.get(style, "General") if style else "General"

    def _format_text(self, cell: _Element, text: str) -> str:
        code = self._format(cell)
        return text if code == "General" or code == "@" else display.text(text, code)

    def _date(self, raw: str, code: str) -> str:
        try:
            moment = datetime.fromisoformat(raw).replace(tzinfo=None)
        except ValueError:
            return raw
        since = moment - (datetime(1904, 1, 1) if self._epoch_1904 else datetime(1899, 12, 30))
        return display.number(str(since.total_seconds() / 86400), code, self._epoch_1904)


def _row_number(row: _Element, before: int) -> int:
    stated = row.get("r")
    number = before + 1 if stated is None else int(stated) - 1 if stated.isdecimal() else -1
    if not before < number < ROWS:
        raise ValueError(f"damaged: row {stated or number + 1} of a sheet is out of order")
    return number


def _whole(element: _Element, name: str) -> int:
    text = element.get(name, "")
    if not text.isdecimal():
        raise ValueError(f"damaged: {name} of a column is {text[:20]!r}")
    return int(text)


def _relations(package: zipped.Package) -> dict[str, tuple[str, str]]:
    """The kind and the part of each thing that the workbook refers to, by its id."""
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            normpath(join("/xl", relation.get("Target", ""))).lstrip("/"),
        )
        for relation in package.tree("xl/_rels/workbook.xml.rels")
        if relation.get("TargetMode") != "External"
    }


def _formats(package: zipped.Package) -> dict[str, str]:
    """The format code of each style, by its number."""
    if "xl/styles.xml" not in package:
        return {}
    root = package.tree("xl/styles.xml")
    codes = dict(built_in()["formats"])
    codes |= {one.get("numFmtId"): one.get("formatCode", "") for one in root.iterfind("{*}numFmts/{*}numFmt")}
    styles = root.iterfind("{*}cellXfs/{*}xf")
    return {str(i): codes.get(style.get("numFmtId", "0"), "General") for i, style in enumerate(styles)}


def _shared(package: zipped.Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package:
        return []
    texts, size = [], 0
    for item in package.elements("xl/sharedStrings.xml", "{*}si"):
        texts.append(_rich(item))
        size += len(texts[-1])
        sheets.check(len(texts), size)
    return texts


def _rich(item: _Element) -> str:
    """A text, of one run or several, without how it is read aloud (rPh)."""
    if len(item) == 1 and item[0].tag.endswith("}t"):
        return _unescaped(item[0].text or "")
    return _unescaped("".join(run.text or "" for run in item.iter("{*}t") if not _is_read_aloud(run)))


def _is_read_aloud(run: _Element) -> bool:
    parent = run.getparent()
    return parent is not None and parent.tag.endswith("}rPh")


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text

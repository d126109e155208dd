"""DOCX, with macros (DOCM) or without: the text as it reads with all changes accepted, in the order of the page.

Read with lxml: python-docx gives no list numbers, text boxes, notes, changes or pages, and takes longer. Nothing is run
and no link is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from checker.read.content import Content, Grid, GridCell, Passage
from checker.read.formats import zipped
from checker.read.formats.numbering import Numbering, W
from checker.read.formats.numerals import display

if TYPE_CHECKING:
    from lxml.etree import _Element

SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
_DOCUMENT = re.compile(r"word/document\d*\.xml")
# What ISO's strict variant calls the same elements.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = W[1:-1].encode()
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_OFF = ("0", "false", "off")
_P, _TBL, _TR, _TC, _PPR, _RPR, _TRPR = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "pPr", "rPr", "trPr"))
_R = f"{W}r"
_T, _BR, _TAB, _FIELD = f"{W}t", f"{W}br", f"{W}tab", f"{W}fldChar"
_FOOTNOTE, _ENDNOTE, _LAST_PAGE = f"{W}footnoteReference", f"{W}endnoteReference", f"{W}lastRenderedPageBreak"
_SIGNS = {f"{W}cr": "\n", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-"}
_WRITTEN = (_T, f"{_MATH}t", _BR, _TAB, _FIELD, _FOOTNOTE, _ENDNOTE, _LAST_PAGE, *_SIGNS)
# What paragraphs, tables, rows and cells may be wrapped in.
_WRAPS = {
    *(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")),
    f"{_MC}AlternateContent",
    f"{_MC}Choice",
}
_BOX = f"{W}txbxContent"
_DELETED = (f"{W}del", f"{W}moveFrom")
# Properties as they were before a change, the reading of characters above them, and what stands in for newer shapes.
_CHANGED = ("rPrChange", "pPrChange", "trPrChange", "tcPrChange", "sectPrChange")
_DROPPED = (*(f"{W}{name}" for name in (*_CHANGED, "rt")), f"{_MC}Fallback")
_LETTERS = re.compile(r"[^\W\d_]")


def recognises(data: bytes) -> bool:
    return any(_DOCUMENT.fullmatch(name) for name in zipped.names(data))


def read(data: bytes) -> Content:
    package = zipped.Package(data, "DOCX")
    return _Reader(package).content()


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style of paragraphs says of them; None and empty where it leaves that to the one it is based on."""

    level: int | None = None
    title: bool = False
    list: str = ""
    list_level: str = ""
    hidden: bool = False
    new_page: bool = False


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(slots=True)
class _Table:
    """A table while it is read: its cells, those that go on below by their column, and where pages begin."""

    cells: list[_Cell] = field(default_factory=list)
    open: dict[int, _Cell] = field(default_factory=dict)
    pages: set[int] = field(default_factory=set)
    heads: int = 0


class _Reader:
    """A document while it is read, in order: what it has said so far, and what its lists have counted."""

    def __init__(self, package: zipped.Package) -> None:
        self._package = package
        self._root = self._part(self._main())
        self._boxes: dict[_Element, list[_Element]] = {}
        self._styles = _styles(self._part("word/styles.xml")) if "word/styles.xml" in package else {}
        self._numbering = Numbering(self._part("word/numbering.xml") if "word/numbering.xml" in package else None)
        self._blocks: list[Passage | Grid] = []
        self._notes: dict[tuple[str, str], None] = {}
        self._sections: Iterator[bool] = iter(())  # whether each section begins a page
        self._title = ""
        self._carried = ""  # the text of a paragraph that goes on in the next
        self._turned = 0  # pages that begin in front of what comes next
        self._fresh = False  # whether nothing stands yet on a page that the text itself began

    def _main(self) -> str:
        names = sorted(name for name in self._package.names if _DOCUMENT.fullmatch(name))
        if not names:
            raise ValueError("no DOCX file: an archive without a document of Word")
        return names[0]

    def _part(self, name: str) -> _Element:
        return zipped.tree(self._package.read(name).replace(_STRICT, _TRANSITIONAL), name)

    def content(self) -> Content:
        self._prepare(self._root)
        body = self._root.find(f"{W}body")
        if body is None:
            raise ValueError("damaged: a document without a body")
        self._sections = map(_begins_page, list(self._root.iter(f"{W}sectPr"))[1:])
        self._walk(body)
        self._say("", self._carried, 0)
        if self._turned:
            self._blocks.append(Passage("\f" * self._turned))
            self._turned = 0
        self._add_notes()
        return Content(tuple(self._blocks), self._title, tuple(self._left_out()))

    def _prepare(self, root: _Element) -> None:
        """Accept all changes, take out what is hidden, and set text boxes beside their paragraphs."""
        for element in list(root.iter(*_DELETED, *_DROPPED)):
            parent = element.getparent()
            # The deleted mark of a paragraph and a deleted row are properties of what they delete.
            if parent is not None and not (element.tag in _DELETED and parent.tag in (_RPR, _TRPR)):
                _remove(element)
        for mark in list(root.iter(f"{W}vanish")):
            owner = next(islice(mark.iterancestors(), 1, None), None)
            if owner is not None and owner.tag == _R and _is_on(mark):
                _remove(owner)
        self._hide_styled(root)
        for box in list(root.iter(_BOX)):
            paragraph = next(box.iterancestors(_P), None)
            if paragraph is not None:
                _remove(box)
                self._boxes.setdefault(paragraph, []).append(box)

    def _hide_styled(self, root: _Element) -> None:
        hidden = {name for name, style in self._styles.items() if style.hidden}
        if not hidden:
            return
        for mark in list(root.iter(f"{W}rStyle", f"{W}pStyle")):
            owner = next(islice(mark.iterancestors(), 1, None), None)
            if mark.get(f"{W}val") in hidden and owner is not None and owner.tag in (_R, _P):
                _remove(owner)

    def _walk(self, parent: _Element) -> None:
        for child in _within(parent, _P, _TBL):
            if child.tag == _P:
                self._paragraph(child)
            else:
                self._table(child)

    def _paragraph(self, paragraph: _Element) -> None:
        properties = paragraph.find(_PPR)
        style = self._style(properties)
        if style.new_page or _flag(properties, "pageBreakBefore"):
            self._turn()
        text = self._carried + self._text(paragraph)
        self._carried = ""
        if _goes_on(properties):
            self._carried = text
        else:
            level = _outline(properties)
            self._say(self._number(properties, style), text, (style.level or 0) if level is None else level)
            if style.title and not self._title:
                self._title = " ".join(text.split())
        for box in self._boxes.get(paragraph, ()):
            self._walk(box)
        if properties is not None and properties.find(f"{W}sectPr") is not None and next(self._sections, False):
            self._turn()

    def _style(self, properties: _Element | None) -> _Style:
        name = _value(properties, "pStyle")
        return self._styles.get(name) or self._styles.get("", _Style())

    def _number(self, properties: _Element | None, style: _Style) -> str:
        """The number in front of a paragraph, from its own list or from that of its style."""
        own = None if properties is None else properties.find(f"{W}numPr")
        name = _value(own, "numId") or style.list
        if not name or name == "0":
            return ""
        level = _value(own, "ilvl") or style.list_level
        if not level and not _value(own, "numId"):
            return self._numbering.next(name, self._numbering.level_of(name, _value(properties, "pStyle")))
        return self._numbering.next(name, int(level) if level.isdecimal() else 0)

    def _text(self, paragraph: _Element) -> str:
        """What a paragraph says, with a form feed where a page begins in it."""
        pieces: list[str] = []
        fields: list[int] = []
        for node in paragraph.iter(*_WRITTEN):
            tag = node.tag
            if tag == _T:
                if node.text:
                    pieces.append(node.text)
                    self._fresh = self._fresh and node.text.isspace()
            elif tag == _BR:
                kind = node.get(f"{W}type")
                self._fresh = self._fresh or kind == "page"
                pieces.append("\f" if kind == "page" else "\n")
            elif tag == _LAST_PAGE:
                # Word also notes the page that the text itself began.
                if not self._fresh:
                    pieces.append("\f")
                self._fresh = False
            elif tag == _FIELD:
                _leave_instruction(node.get(f"{W}fldCharType"), fields, pieces)
            elif tag in (_FOOTNOTE, _ENDNOTE):
                self._note(node)
            elif tag == _TAB:
                parent = node.getparent()
                if parent is not None and parent.tag == _R:  # and no stop of the ruler
                    pieces.append("\t")
            else:
                pieces.append(_SIGNS.get(tag) or node.text or "")
        return "".join(pieces)

    def _note(self, mark: _Element) -> None:
        kind = "footnote" if mark.tag == _FOOTNOTE else "endnote"
        self._notes[kind, mark.get(f"{W}id", "")] = None
        if mark.get(f"{W}customMarkFollows") not in (None, *_OFF):
            sign = mark.getnext()
            if sign is not None and sign.tag == _T:
                sign.text = None

    def _say(self, number: str, text: str, level: int) -> None:
        """Add a passage; pages that begin in front of it go with it, those behind it wait for the next."""
        bare = text.strip("\f")
        if not bare or bare.isspace():
            self._turned += text.count("\f")
            return
        before = len(text) - len(text.lstrip("\f"))
        if number and not number[-1].isspace() and _joins(number, bare):
            number += " "
        self._blocks.append(Passage("\f" * (self._turned + before) + number + bare, level))
        self._turned = len(text) - before - len(bare)

    def _turn(self) -> None:
        if not self._fresh:
            self._turned += 1
        self._fresh = True

    def _table(self, table: _Element) -> None:
        rows = [row for row in _within(table, _TR) if not _is_deleted_row(row)]
        alone = next(_within(rows[0], _TC), None) if len(rows) == 1 else None
        if alone is not None and len(list(_within(rows[0], _TC))) == 1:
            self._walk(alone)  # a frame, not a table
            return
        made = _Table()
        for number, row in enumerate(rows):
            self._row(made, row, number)
        self._turned += 0 in made.pages
        if self._turned:
            self._blocks.append(Passage("\f" * self._turned))
        self._turned = int(len(rows) in made.pages)
        cells = tuple(
            GridCell(cell.text, cell.row, cell.column, cell.rows, cell.columns) for cell in made.cells if cell.text
        )
        if cells:
            pages = sorted(page for page in made.pages if 0 < page < len(rows))
            self._blocks.append(Grid(cells, made.heads or None, tuple(pages)))

    def _row(self, table: _Table, row: _Element, number: int) -> None:
        properties = row.find(_TRPR)
        column = _count(properties, "gridBefore", 0)
        if table.heads == number and _flag(properties, "tblHeader"):
            table.heads += 1
        for element in _within(row, _TC):
            settings = element.find(f"{W}tcPr")
            width = _count(settings, "gridSpan", 1)
            merged = None if settings is None else settings.find(f"{W}vMerge")
            text = self._cell_text(element, table, number)
            above = table.open.get(column)
            if merged is not None and merged.get(f"{W}val") != "restart" and above is not None:
                above.rows = number - above.row + 1
            elif _value(settings, "hMerge", "continue") == "continue" and table.cells and table.cells[-1].row == number:
                table.cells[-1].columns += width
            else:
                cell = _Cell(number, column, text, columns=width)
                table.cells.append(cell)
                for covered in range(column, column + width):
                    table.open.pop(covered, None)
                if merged is not None:
                    table.open[column] = cell
            column += width

    def _cell_text(self, element: _Element, table: _Table, number: int) -> str:
        """The text of a cell; a page that begins in front of it begins its row, one within it the next."""
        text = "\n".join(self._lines(element))
        if "\f" in text:
            table.pages.add(number if text.lstrip(_BLANKS).startswith("\f") else number + 1)
            text = text.replace("\f", "")
        return text.strip("\n")

    def _lines(self, parent: _Element) -> Iterator[str]:
        """The paragraphs of a cell, and the rows of the tables and the boxes in it."""
        for child in _within(parent, _P, _TBL):
            if child.tag == _TBL:
                for row in _within(child, _TR):
                    yield " ".join(" ".join(self._lines(cell)) for cell in _within(row, _TC))
                continue
            properties = child.find(_PPR)
            text = self._text(child)
            number = self._number(properties, self._style(properties))
            if text.strip(_BLANKS) or number:
                yield number + text
            for box in self._boxes.get(child, ()):
                yield from self._lines(box)

    def _add_notes(self) -> None:
        """The notes that the text refers to, in that order."""
        parts: dict[str, dict[str | None, _Element]] = {}
        for kind, identifier in list(self._notes):
            name = f"word/{kind}s.xml"
            if kind not in parts and name in self._package:
                root = self._part(name)
                self._prepare(root)
                parts[kind] = {note.get(f"{W}id"): note for note in root.iter(W + kind)}
            note = parts.get(kind, {}).get(identifier)
            if note is not None:
                self._walk(note)

    def _left_out(self) -> Iterator[str]:
        yield from zipped.left_out(self._package, "word")
        if any(self._heads_page(name) for name in self._package.under("word/") if _HEADS.fullmatch(name)):
            yield "what is printed at the top or foot of every page"
        if "word/comments.xml" in self._package:
            yield "comments"
        if count := sum(1 for _ in self._root.iter(f"{W}altChunk")):
            yield f"{count} inserted document{'s' if count > 1 else ''}"

    def _heads_page(self, name: str) -> bool:
        """Whether a header or footer has more than a page number."""
        return any(_LETTERS.search(text.text or "") for text in self._part(name).iter(_T))


_HEADS = re.compile(r"word/(?:header|footer)\d*\.xml")


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _within(parent: _Element, *tags: str) -> Iterator[_Element]:
    """The children with these tags, also where something is wrapped around them."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in _WRAPS:
            yield from _within(child, *tags)


def _leave_instruction(kind: str | None, fields: list[int], pieces: list[str]) -> None:
    """Of a field, keep the result: what stands between its begin and its separator, or end, is an instruction."""
    if kind == "begin":
        fields.append(len(pieces))
    elif kind == "separate" and fields:
        del pieces[fields[-1] :]
        fields[-1] = _RESULT
    elif kind == "end" and fields:
        del pieces[fields.pop() :]


# A field whose instruction is over: from here on nothing is dropped.
_RESULT = 1 << 40


def _is_on(mark: _Element) -> bool:
    return mark.get(f"{W}val") not in _OFF


def _flag(properties: _Element | None, name: str) -> bool:
    mark = None if properties is None else properties.find(W + name)
    return mark is not None and _is_on(mark)


def _value(properties: _Element | None, name: str, otherwise: str = "") -> str:
    """What a child says in its attribute `val`; where it says nothing, the last."""
    found = None if properties is None else properties.find(W + name)
    return "" if found is None else found.get(f"{W}val", otherwise)


def _count(properties: _Element | None, name: str, otherwise: int) -> int:
    text = _value(properties, name)
    return min(int(text), _WIDEST) if text.isdecimal() and len(text) < 6 else otherwise


# What may stand in front of the beginning of a page.
_BLANKS = " \t\n\u3000"
# Word has no wider tables.
_WIDEST = 63


def _outline(properties: _Element | None) -> int | None:
    """The level of a heading, from 1, 0 for the level of running text; None where nothing is said."""
    text = _value(properties, "outlineLvl")
    return None if not text.isdecimal() else int(text) + 1 if int(text) < _BODY else 0


_BODY = 9


def _goes_on(properties: _Element | None) -> bool:
    """Whether the mark at the end of a paragraph is deleted or hidden, so that the next goes on in its line."""
    mark = None if properties is None else properties.find(_RPR)
    return mark is not None and (any(mark.find(tag) is not None for tag in _DELETED) or _flag(mark, "vanish"))


def _is_deleted_row(row: _Element) -> bool:
    properties = row.find(_TRPR)
    return properties is not None and (properties.find(f"{W}del") is not None or _flag(properties, "hidden"))


def _begins_page(section: _Element) -> bool:
    return _value(section, "type") not in ("continuous", "nextColumn")


def _joins(number: str, text: str) -> bool:
    """Whether the number of a list would run on into a figure: 1. and 2024."""
    return number[-1] in "0123456789." and text[:1].isdecimal()


@cache
def _heading_names() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(display()['headings'])})\s*([1-9])", re.I)


def _styles(root: _Element) -> dict[str, _Style]:
    """The styles of paragraphs by their id, each with what it takes from those it is based on; "" is the default."""
    elements = {style.get(f"{W}styleId", ""): style for style in root.iterchildren(f"{W}style")}
    made: dict[str, _Style] = {}

    def make(name: str, depth: int) -> _Style:
        if name not in made:
            if name not in elements or depth > _LONGEST_CHAIN:
                return _Style()
            made[name] = _based(make(_value(elements[name], "basedOn"), depth + 1), elements[name])
        return made[name]

    for name, element in elements.items():
        make(name, 0)
        if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in ("1", "true"):
            made[""] = made[name]
    return made


# Word follows no more.
_LONGEST_CHAIN = 20


def _based(on: _Style, element: _Element) -> _Style:
    """A style with what it says itself, else what the one below says."""
    properties, mark = element.find(_PPR), element.find(_RPR)
    name = _value(element, "name").lower()
    heading = _heading_names().fullmatch(name)
    title = name in display()["titles"]
    level = _outline(properties)
    if level is None:
        level = int(heading[1]) if heading else 1 if title else on.level
    numbered = None if properties is None else properties.find(f"{W}numPr")
    return _Style(
        level=level,
        title=title,
        list=_value(numbered, "numId") or on.list,
        list_level=_value(numbered, "ilvl") or on.list_level,
        hidden=on.hidden if mark is None or mark.find(f"{W}vanish") is None else _flag(mark, "vanish"),
        new_page=_flag(properties, "pageBreakBefore") or on.new_page,
    )

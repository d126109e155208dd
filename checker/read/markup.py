"""The elements of a web page to blocks in their order, with what tells text from navigation.

A page is walked once, without recursion: pages nest as deep as their makers like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from checker.read.content import Grid, GridCell, Passage
from checker.vocabulary import any_of, words

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Elements that begin and end a paragraph, those of them that hold several, and those that are no text.
_PARAGRAPHS = {
    "p", "li", "dt", "dd", "hr", "address", "center", "blockquote", "figcaption", "summary", "legend", "option",
    "listing", "xmp", *_HEADINGS,
}  # fmt: skip
_CONTAINERS = {
    "body", "div", "section", "article", "main", "ul", "ol", "dl", "form", "fieldset", "figure", "details", "nav",
    "header", "footer", "aside", "menu", "hgroup", "search", "dir", "frameset", "noframes",
}  # fmt: skip
_BESIDE = {"nav", "header", "footer", "aside", "menu", "search"}
NOT_TEXT = [
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "applet", "audio", "video", "canvas",
    "map", "button", "select", "datalist", "input", "textarea", "noscript", "rp", "rt", "head", "title",
]  # fmt: skip

# A line break of the page, apart from those of its source.
_BREAK = "\v"
# Characters that are written without blanks, and between which the source may break its lines.
_WIDE = re.compile("[\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_BLANKS = re.compile("[ \t\r\f]{2,}|[\t\r\f]")
# Characters that show nothing, and blanks that show each by itself.
_NOTHING, _BLANK = re.compile("[\u200b-\u200f\u2060\ufeff\xad]"), re.compile("[\u2000-\u200a\u202f]")
_ODD = re.compile("[\u2000-\u200f\u202f\u2060\ufeff\xad]")
# A break is the end of a paragraph where a sentence ends, or where what follows is indented.
_PARAGRAPH_END = re.compile(f"{_BREAK}(?=[{_BREAK} \u3000\xa0]{{2,}}|\u3000|{_BREAK})|(?<=[。！？；：]){_BREAK}")
_DIGITS = re.compile(r"\s*\d{1,3}\s*\Z")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# A passage this long that has the stops of a sentence, or this long in any case, says something.
_SENTENCE, _LONG = 20, 80
# Parts in which so much of the text is in links, of which there are some, are navigation.
_LINKED, _SOME_LINKS = 0.4, 3
# A wider table is none, nor one whose cells span millions of others.
_MAX_COLUMNS, _MAX_SPANNED = 4096, 200_000


class Block(NamedTuple):
    """A passage or grid, with how much of its text is in links, and whether it says something: a sentence, a figure."""

    content: Passage | Grid
    linked: int
    says: bool

    @property
    def size(self) -> int:
        """How many characters it has."""
        content = self.content
        return len(content.text) if isinstance(content, Passage) else sum(len(cell.text) for cell in content.cells)


@dataclass(slots=True)
class Page:
    """The blocks of a page, and spans of them: of each element that holds several, the inner ones first; and of those
    that stand beside the text, by their name.
    """

    blocks: list[Block] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    beside: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Sums:
    """Totals up to a place: of characters, of those in links, of links, of blocks that say something, of grids."""

    chars: int = 0
    linked: int = 0
    links: int = 0
    says: int = 0
    grids: int = 0

    def copy(self) -> _Sums:
        return _Sums(self.chars, self.linked, self.links, self.says, self.grids)


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    rows: int
    columns: int
    start: int
    chars: int
    end: int = 0


@dataclass(slots=True)
class _Table:
    """A table that is being read."""

    start: int
    before: _Sums
    presentation: bool
    cells: list[_Cell] = field(default_factory=list)
    heads: dict[int, bool] = field(default_factory=dict)
    # Of each column, the first row that no cell from above reaches into.
    free: dict[int, int] = field(default_factory=dict)
    row: int = -1
    column: int = 0
    spanned: int = 0
    fits: bool = True
    in_head: bool = False
    title: str = ""

    def place(self, rows: int, columns: int) -> tuple[int, int]:
        """The row and column of the next cell, which takes so many of each."""
        while self.fits and self.free.get(self.column, 0) > self.row:
            self.column += 1
            self.spanned += 1
        at = self.column
        self.column += columns
        self.fits &= self.column <= _MAX_COLUMNS and self.spanned <= _MAX_SPANNED + 20 * len(self.cells)
        if rows > 1 and self.fits:
            self.spanned += columns
            for column in range(at, self.column):
                self.free[column] = self.row + rows
        return self.row, at


def blocks_of(root: LexborNode | None, hidden: set[int]) -> Page:
    """The blocks of an element without those of hidden elements, which are given by their `mem_id`."""
    reader = _Reader(hidden)
    if root is not None:
        reader.walk(root)
    return reader.page


class _Reader:
    def __init__(self, hidden: set[int]) -> None:
        self.hidden = hidden
        self.page = Page()
        self.sums = _Sums()
        self.words: list[str] = []  # of the paragraph that is being read
        self.linked_before = 0
        self.level = 0
        self.links = 0  # that are open
        self.pre = 0
        self.tables: list[_Table] = []
        self.open: list[tuple[int, _Sums, bool]] = []

    def walk(self, root: LexborNode) -> None:
        """Every node in its order: what is done at its beginning tells what at its end, and None leaves it out."""
        waiting: list[tuple[LexborNode, str]] = []
        words, hidden, acts, ends = self.words, self.hidden, _ACTS, _ENDS
        node: LexborNode | None = root.first_child
        while node is not None:
            text = node.text_content
            if text is not None:
                if words or not text.isspace():
                    self.text(text)
            else:
                act = acts.get(tag := node.tag or "")
                shown = not hidden or node.mem_id not in hidden
                end = (act(self, node, tag) if act else "") if shown else None
                child = None if end is None else node.first_child
                if child is not None and end is not None:
                    waiting.append((node, end))
                    node = child
                    continue
                if end:
                    ends[end](self)
            following = node.next
            while following is None and waiting:
                node, end = waiting.pop()
                if end:
                    ends[end](self)
                following = node.next
            node = following
        self.flush()

    def text(self, text: str) -> None:
        if self.links:
            self.sums.linked += len(text.strip())
        self.words.append(text.replace("\n", _BREAK) if self.pre else text)

    # ---- paragraphs

    def flush(self) -> None:
        """The end of a paragraph."""
        if not self.words:
            return
        text = _displayed("".join(self.words))
        self.words.clear()
        linked = self.sums.linked - self.linked_before
        self.linked_before = self.sums.linked
        if _BREAK not in text:
            if text := text.strip(" \n\u3000"):
                self._add(text, linked)
            return
        for part in _PARAGRAPH_END.split(text):
            if part := "\n".join(line.strip(" ") for line in part.split(_BREAK)).strip(" \n\u3000"):
                self._add(part, linked)

    def _add(self, text: str, linked: int) -> None:
        says = len(text) >= _LONG or (len(text) >= _SENTENCE and ("。" in text or "；" in text))
        level = 0 if says and "。" in text else self.level
        self.page.blocks.append(Block(Passage(text, level), linked, says))
        self.sums.chars += len(text)
        self.sums.says += says

    def paragraph(self, node: LexborNode, tag: str) -> str:
        self.flush()
        return "p"

    def heading(self, node: LexborNode, tag: str) -> str:
        self.flush()
        self.level = _HEADINGS[tag]
        return "h"

    def end_heading(self) -> None:
        self.flush()
        self.level = 0

    def preformatted(self, node: LexborNode, tag: str) -> str:
        self.flush()
        self.pre += 1
        return tag

    def end_preformatted(self) -> None:
        self.flush()
        self.pre -= 1

    def line_break(self, node: LexborNode, tag: str) -> str | None:
        if self.words:
            self.words.append(_BREAK)
        return None

    def raised(self, node: LexborNode, tag: str) -> None:
        """A number set high or low: an exponent, an index, or else the mark of a note, which is no part of a figure."""
        text = node.text()
        if not _DIGITS.match(text):
            self.text(text)
            return
        digits, before = text.strip(), self.words[-1][-1:] if self.words else ""
        if before and before in "[(〔［（":  # the mark has its brackets already
            self.text(digits)
        elif before.isascii() and before.isalpha():
            self.text(digits.translate(_RAISED) if tag == "sup" else digits)
        else:
            self.text(digits.translate(_RAISED) if tag == "sup" and before.isdigit() else f"[{digits}]")

    def link(self, node: LexborNode, tag: str) -> str:
        if "href" not in node.attributes:
            return ""
        self.links += 1
        self.sums.links += 1
        return tag

    def end_link(self) -> None:
        self.links -= 1

    def left_out(self, node: LexborNode, tag: str) -> None:
        return None

    # ---- elements that hold several paragraphs

    def container(self, node: LexborNode, tag: str) -> str:
        self.flush()
        self.open.append((len(self.page.blocks), self.sums.copy(), tag in _BESIDE or _is_beside(node)))
        return "div"

    def end_container(self) -> None:
        self.flush()
        start, before, beside = self.open.pop()
        if self._is_navigation(before):
            self._cut(start, before)
        elif len(self.page.blocks) > start:
            span = (start, len(self.page.blocks))
            self.page.spans.append(span)
            if beside:
                self.page.beside.append(span)

    def _is_navigation(self, before: _Sums) -> bool:
        """Whether what came since then is links and little else."""
        now = self.sums
        return (
            now.says == before.says
            and now.links - before.links >= _SOME_LINKS
            and now.linked - before.linked > _LINKED * (now.chars - before.chars)
        )

    def _cut(self, start: int, before: _Sums) -> None:
        """Leave out all that came since then."""
        del self.page.blocks[start:]
        for spans in (self.page.spans, self.page.beside):
            while spans and spans[-1][0] >= start:
                spans.pop()
        self.sums, self.linked_before = before.copy(), before.linked

    # ---- tables

    def table(self, node: LexborNode, tag: str) -> str:
        self.flush()
        presentation = node.attributes.get("role") == "presentation"
        self.tables.append(_Table(len(self.page.blocks), self.sums.copy(), presentation))
        self.open.append((len(self.page.blocks), self.sums.copy(), _is_beside(node)))
        return tag

    def head(self, node: LexborNode, tag: str) -> str:
        if self.tables:
            self.tables[-1].in_head = True
        return tag

    def end_head(self) -> None:
        if self.tables:
            self.tables[-1].in_head = False

    def row(self, node: LexborNode, tag: str) -> str:
        self.flush()
        if self.tables:
            table = self.tables[-1]
            table.row, table.column = table.row + 1, 0
        return ""

    def cell(self, node: LexborNode, tag: str) -> str:
        self.flush()
        if not self.tables:
            return "p"
        table, attributes = self.tables[-1], node.attributes
        rows, columns = 1, 1
        if attributes:
            rows = _span(attributes.get("rowspan"), 65_534) or 65_534
            columns = _span(attributes.get("colspan"), 1000) or 1
        row, column = table.place(rows, columns)
        table.cells.append(_Cell(row, column, rows, columns, len(self.page.blocks), self.sums.chars))
        table.heads[row] = table.heads.get(row, True) and (tag == "th" or table.in_head)
        self.open.append((len(self.page.blocks), self.sums.copy(), False))
        return "td"

    def end_cell(self) -> None:
        self.end_container()
        cell = self.tables[-1].cells[-1]
        cell.end, cell.chars = len(self.page.blocks), self.sums.chars - cell.chars

    def caption(self, node: LexborNode, tag: str) -> str:
        self.flush()
        self.open.append((len(self.page.blocks), self.sums.copy(), False))
        return tag

    def end_caption(self) -> None:
        self.flush()
        start, before, _ = self.open.pop()
        if self.tables:
            self.tables[-1].title = _text(self.page.blocks[start:])
            self._cut(start, before)

    def end_table(self) -> None:
        """A table of data becomes a grid; what one of layout holds stays as it is."""
        table = self.tables.pop()
        if self._is_data(table):
            grid = _grid(table, self.page.blocks)
            linked = self.sums.linked - table.before.linked
            says = any(character.isdigit() for cell in grid.cells for character in cell.text)
            links, chars = self.sums.links, self.sums.chars
            self._cut(table.start, table.before)
            self.page.blocks.append(Block(grid, linked, says))
            self.sums = _Sums(chars, table.before.linked + linked, links, table.before.says, table.before.grids + 1)
            self.linked_before = self.sums.linked
            mostly_links = linked > 0.7 * (chars - table.before.chars)
            self.sums.says += says and not mostly_links
        elif table.title:
            self.page.blocks.insert(table.start, Block(Passage(table.title), 0, False))
        self.end_container()

    def _is_data(self, table: _Table) -> bool:
        cells = [cell for cell in table.cells if cell.chars]
        if table.presentation or not table.fits or self.sums.grids > table.before.grids or len(cells) < 2:
            return False
        if len({cell.column for cell in cells}) < 2:
            return False
        largest = max(cells, key=lambda cell: cell.chars)
        total = sum(cell.chars for cell in cells)
        several = largest.end - largest.start > 1
        return not (several and largest.chars > 300 and largest.chars > 0.6 * total)


def _grid(table: _Table, blocks: list[Block]) -> Grid:
    last = table.row + 1
    cells = (
        GridCell(text, cell.row, cell.column, min(cell.rows, last - cell.row), cell.columns)
        for cell in table.cells
        if (text := _text(blocks[cell.start : cell.end]))
    )
    heads = next((row for row in range(last) if not table.heads.get(row, True)), 0)
    return Grid(tuple(cells), heads or None, title=table.title)


def _text(blocks: list[Block]) -> str:
    if len(blocks) == 1 and isinstance(blocks[0].content, Passage):
        return blocks[0].content.text
    return "\n".join(block.content.text for block in blocks if isinstance(block.content, Passage))


def _displayed(text: str) -> str:
    """A text as a page displays it, with its breaks marked."""
    if "\n" in text:
        text = _unwrapped(text)
    if "  " in text or "\t" in text or "\r" in text or "\f" in text:
        text = _BLANKS.sub(" ", text)
    text = text.replace("\xa0", " ")
    return _BLANK.sub(" ", _NOTHING.sub("", text)) if _ODD.search(text) else text


def _unwrapped(text: str) -> str:
    """The lines of the source as one."""
    parts: list[str] = []
    for line in text.split("\n"):
        if line := line.strip(" \t\r\f"):
            if parts and not (_WIDE.match(parts[-1][-1]) or _WIDE.match(line)):
                parts.append(" ")
            parts.append(line)
    return "".join(parts)


def _span(value: str | None, most: int) -> int:
    if value is None:
        return 1
    digits = value.strip()
    return min(int(digits), most) if digits.isdecimal() and len(digits) < 7 else 1


def _is_beside(node: LexborNode) -> bool:
    """Whether an element says by its class or id that it is no part of the text."""
    attributes = node.attributes
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return len(name) > 1 and len(name) < 500 and _beside().search(name.lower()) is not None


@cache
def _beside() -> re.Pattern[str]:
    known = words("pages")
    return re.compile(rf"(?<![a-z]){any_of(known['beside'])}(?![a-z])|{any_of(known['beside_within'])}")


_ACTS = {
    **dict.fromkeys(_PARAGRAPHS, _Reader.paragraph),
    **dict.fromkeys(_HEADINGS, _Reader.heading),
    **dict.fromkeys(_CONTAINERS, _Reader.container),
    **dict.fromkeys(NOT_TEXT, _Reader.left_out),
    "-comment": _Reader.left_out,
    "br": _Reader.line_break,
    "pre": _Reader.preformatted,
    "sup": _Reader.raised,
    "sub": _Reader.raised,
    "a": _Reader.link,
    "table": _Reader.table,
    "thead": _Reader.head,
    "tr": _Reader.row,
    "td": _Reader.cell,
    "th": _Reader.cell,
    "caption": _Reader.caption,
}
_ENDS = {
    "p": _Reader.flush,
    "h": _Reader.end_heading,
    "pre": _Reader.end_preformatted,
    "a": _Reader.end_link,
    "div": _Reader.end_container,
    "table": _Reader.end_table,
    "thead": _Reader.end_head,
    "td": _Reader.end_cell,
    "caption": _Reader.end_caption,
}

"""The title of a document: the line near its beginning that reads most like the name of a report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checker import places
from checker.read.wording import compiled, data, reader

# How far a title is looked for, in lines and in characters, and how long it may be.
_LINES, _HEAD, _LONGEST = 250, 9000, 100
# A line with less that speaks for it is no title.
_ENOUGH = 3
# No line that is longer goes on with a title.
_SHORT = 60
_STOP = re.compile("[。；]")
# A line that is longer and holds one of these is running text.
_RUNNING = 24
_PAUSES = re.compile("[，、。；]")
# Few titles of reports hold a comma; those that do are news or tell of figures.
_PAUSE = re.compile("，")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed, without layout: where it begins among the others, what it holds, where it is in the source,
    and whether it is a row of several cells.
    """

    start: int
    text: str
    source: int
    row: bool = False

    @property
    def is_prose(self) -> bool:
        return bool(_STOP.search(self.text))


@dataclass(frozen=True, slots=True)
class Title:
    """A title, the first and last of the lines it stands on, and how much speaks for it."""

    text: str
    first: int
    last: int
    score: int


def find_title(lines: Sequence[Line]) -> Title | None:
    """The best of the lines that may be a title; None where none is."""
    head = [line for line in lines[:_LINES] if line.start < _HEAD]
    body = next((i for i, line in enumerate(head) if line.is_prose), len(head))
    best: Title | None = None
    for title in _candidates(head):
        score = title.score + _near(head, title.last, body) + 2 * (title.first == 0 and title.score > 0)
        if score >= _ENOUGH and (best is None or score > best.score):
            best = Title(title.text, title.first, title.last, score)
    return best


def _candidates(lines: Sequence[Line]) -> Iterator[Title]:
    """Every line that may be a title, mended; and every two or three that make up one."""
    for i, line in enumerate(lines):
        if line.row:
            continue
        last = i
        text, labelled = clean(line.text)
        crumb = line.text.endswith(text) and ">" in line.text
        while not crumb and last + 1 < len(lines) and last < i + 2 and _joins(text, lines[last + 1]):
            last += 1
            after, _ = clean(lines[last].text)
            text += (" " if reader("titles", "period_line").search(after) else "") + after
        if 6 <= len(text) <= _LONGEST and not _no_title(text, lines[i - 1].text if i else ""):
            yield Title(text, i, last, _worth(text) + 2 * labelled + (last > i))


def _no_title(text: str, before: str) -> bool:
    """Whether a line is navigation, nothing but who signs or when, or goes on with a sentence of the line before."""
    if reader("titles", "never").search(text):
        return True
    if kind_of(text):
        return False
    return (
        breaks(before)
        or is_dateline(text)
        or any(
            reader(*names).search(text)
            for names in (("publishers", "line"), ("month_line",), ("titles", "period_line"))
        )
    )


def clean(text: str) -> tuple[str, bool]:
    """A line without labels, crumbs, notes and the name of a site; and whether a label said that it is a title."""
    text = re.split("[>»]", text)[-1].strip()
    inside = reader("titles", "inside").search(text)
    if inside and _STOP.search(text):
        text = inside[0]
    bare = reader("titles", "labels").sub("", text)
    while (shorter := reader("titles", "ends").sub("", bare)) != bare:
        bare = shorter
    return bare.strip(), bare != text and text.endswith(bare)


def _joins(text: str, line: Line) -> bool:
    """Whether a title goes on with the next line."""
    after = line.text
    if line.row or len(text) > _LONGEST or len(after) > _SHORT or _STOP.search(after):
        return False
    if reader("titles", "period_line").search(after):
        return kind_of(text) not in ("", "news") and not compiled("{year}").search(text)
    whole = reader("titles", "goes_on").search(text) or reader("titles", "continues").search(after) or _only_names(text)
    return bool(whole) and not reader("titles", "never").search(after)


def _only_names(text: str) -> bool:
    """Whether a line is nothing but a year, a place or a company: the first line of a title."""
    rest = reader("company").sub("", compiled("{year}年?").sub("", text))
    for mention in places.find(rest):
        rest = rest.replace(mention.text, "")
    return not rest.strip() and len(text) > 2


def breaks(line: str) -> bool:
    """Whether a line breaks in the middle of a sentence."""
    return len(line) > _RUNNING and line[-1].isalnum() and bool(_PAUSES.search(line))


def kind_of(title: str) -> str:
    """The kind of a document by its title; empty where that does not tell."""
    return next((entry["kind"] for entry in data()["kinds"] if compiled(entry["title"]["pattern"]).search(title)), "")


def _worth(text: str) -> int:
    """How much a line reads like the name of a report."""
    kind = kind_of(text)
    if not kind:
        return 0
    named = bool(places.find(text)) or bool(reader("company").search(text))
    running = 4 * bool(_PAUSE.search(text) and kind != "statistical release")
    return (
        (2 if kind in ("news", "table", "notice") else 4)
        + 2 * bool(compiled("{year}").search(text))
        + 2 * named
        - running
    )


def _near(lines: Sequence[Line], at: int, body: int) -> int:
    """What stands below a title: a date, who signs or the first sentence; inside the text one is less likely."""
    below = lines[at + 1 : at + 5]
    signed = any(is_dateline(line.text) or reader("publishers", "line").search(line.text) for line in below)
    return 3 * (signed or at + 1 == body) - (0 if at < body else 2 if signed else 6)


def is_dateline(text: str) -> bool:
    """Whether a line says when a document was published or read out."""
    return any(compiled(entry["pattern"]).search(text) for entry in data()["datelines"])

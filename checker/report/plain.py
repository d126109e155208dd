"""Document text made safe and tidy to show, and the sentence around a figure.

Whatever comes from a document is untrusted: a control character may drive a terminal, a bidirectional override may
swap the digits a reader sees. Each such character is shown as a mark, one for one, so that offsets stay true.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from checker.model import Claim, Document

_MARK = "\ufffd"
_HIDDEN = (
    *range(0x7F, 0xA0),  # delete and C1
    0xAD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
    *range(0xD800, 0xE000), 0xFFFE, 0xFFFF, *range(0xE0000, 0xE0080),
)  # fmt: skip
_MARKS = {code: chr(0x2400 + code) for code in range(0x20)} | dict.fromkeys(_HIDDEN, _MARK)
_LAID_OUT = {code: mark for code, mark in _MARKS.items() if chr(code) not in "\t\n\r"}

_EMPHASIS = re.compile(r"\*{2,3}|_{2,3}")
_BESIDE_CJK = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
_SPACE = re.compile(r"\s+")
_INNER = re.compile(r"(?<![A-Za-z])\s+|\s+(?![A-Za-z])")
_STOPS = "。！？!?\n"


class Passage(NamedTuple):
    """A sentence around a figure, with a little of what stands before and after the sentence."""

    before: str
    figure: str
    after: str
    lead: str = ""
    tail: str = ""


def visible(text: str) -> str:
    """One line of text with every character that is no print shown as a mark; line ends and tabs become spaces."""
    return _SPACE.sub(" ", text.translate(_LAID_OUT))


def laid_out(text: str) -> str:
    """Text as the source lays it out, with marks for what is no print; as long as the text given."""
    return text.translate(_LAID_OUT)


def one_line(text: str) -> str:
    """A sentence of the checker's own that may quote a document: one line, without Markdown emphasis."""
    return visible(_EMPHASIS.sub("", text))


def tidy(text: str) -> str:
    """One line: no Markdown emphasis, no spaces that only justified a line of Chinese."""
    return _BESIDE_CJK.sub("", one_line(text))


def printed(claim: Claim) -> str:
    """The quantity as printed, on one line and without emphasis: 773亿元."""
    return _INNER.sub("", visible(re.sub(r"[*_]+", "", claim.text))).strip()


def passage(claim: Claim, document: Document | None) -> Passage:
    """The sentence of a claim cut at the figure, and a sentence either side where the document tells.

    In a table the sentence is a row, its cells parted.
    """
    span = document and _flat_span(document, claim.start, claim.end)
    found = _in_flat(claim, document.flat, *span) if document and span else None
    found = found or _in_sentence(claim)
    return found if claim.anchor.table is None else Passage(*(part.replace("|", " | ") for part in found))


def shorten(found: Passage, room: int) -> Passage:
    """A passage of about `room` characters, cut around the figure with …"""
    spare = max(room - len(found.figure), 8)
    if len(found.before) + len(found.after) <= spare:
        return found
    left = max(spare // 2, spare - len(found.after))
    right = spare - min(left, len(found.before))
    return Passage(_last(found.before, left), found.figure, cut(found.after, right))


def cut(text: str, room: int) -> str:
    """The beginning of a text, with … where more would follow."""
    return text if len(text) <= room else text[: max(room - 1, 0)] + "…"


def _flat_span(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """Where a span of the source stands in the text with its layout undone."""
    first, last = _flat(document, start), _flat(document, end - 1)
    if first is None or last is None or not 0 <= first <= last < len(document.flat):
        return None
    return first, last + 1


def _flat(document: Document, source: int) -> int | None:
    starts, sources = document.offsets.starts, document.offsets.sources
    run = bisect_right(sources, source) - 1
    if run < 0:
        return None
    flat = starts[run] + source - sources[run]
    # A character that the layout dropped stands for the next one kept.
    return min(flat, starts[run + 1]) if run + 1 < len(starts) else flat


def _in_flat(claim: Claim, flat: str, first: int, last: int) -> Passage | None:
    # The window is so wide that whatever is found in it covers the figure.
    at = flat.find(claim.sentence, max(0, last - len(claim.sentence)), first + len(claim.sentence))
    if at < 0 or not claim.sentence:
        return None
    to = at + len(claim.sentence)
    before, after = tidy(flat[at:first]).lstrip(), tidy(flat[last:to]).rstrip()
    return Passage(before, printed(claim), after, _sentence_before(flat, at), _sentence_after(flat, to))


def _in_sentence(claim: Claim) -> Passage:
    for wanted in filter(None, (claim.text, claim.number)):
        before, figure, after = claim.sentence.partition(wanted)
        if figure:
            return Passage(tidy(before).lstrip(), tidy(figure), tidy(after).rstrip())
    return Passage("", printed(claim), "", tail=tidy(claim.sentence))


def _sentence_before(flat: str, at: int, room: int = 90) -> str:
    near = flat[max(0, at - room) : at].rpartition("\n")[2]
    body = near.rstrip()
    cut = max(body.rfind(stop, 0, max(len(body) - 1, 0)) for stop in _STOPS)
    whole = cut >= 0 or len(near) < room
    return ("" if whole else "…") + tidy(near[cut + 1 :]).lstrip()


def _sentence_after(flat: str, at: int, room: int = 90) -> str:
    near = flat[at : at + room].partition("\n")[0]
    ends = [found for stop in _STOPS if (found := near.find(stop, 1)) >= 0]
    whole = ends or len(near) < room
    return tidy(near[: min(ends) + 1] if ends else near).rstrip() + ("" if whole else "…")


def _last(text: str, room: int) -> str:
    return text if len(text) <= room else "…" + text[len(text) - max(room - 1, 0) :]

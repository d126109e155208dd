"""Headings by their numbering and their shape, where no format marks them."""

from __future__ import annotations

import re
from functools import cache

from checker.vocabulary import words

# A heading is no longer than this; a line that is no numbered heading and no sentence is one of the lowest level.
LONGEST = 50
LOWEST = 6
_STOP = re.compile("[。；！？;!?]")
_RUNS_ON = "，、：,:"
_MARKDOWN = re.compile(r"\s?(#{1,6})\s")


@cache
def numbering() -> list[re.Pattern[str]]:
    """The forms of numbered headings, the highest first."""
    return [re.compile(rf"\s?(?:{entry['pattern']})") for entry in words("headings")["numbering"]]


def depth(text: str, start: int = 0) -> int | None:
    """How deep a numbered heading that begins here stands, from 0; None where no number opens it."""
    m = _any_number().match(text, start)
    return int(m.lastgroup[1:]) if m and m.lastgroup else None


@cache
def _any_number() -> re.Pattern[str]:
    """All forms of numbered headings at once, each a group by its depth."""
    return re.compile("|".join(f"(?P<d{i}>{form.pattern})" for i, form in enumerate(numbering())))


def heading_level(text: str, opening: str) -> int:
    """The level of a line as a heading, from 1; 0 where it is none. `opening` is how the line begins in the source."""
    if marked := _MARKDOWN.match(opening):
        return len(marked[1])
    if not text or len(text) > LONGEST or _STOP.search(text):
        return 0
    deep = depth(text)
    if deep is not None:
        return deep + 1
    return 0 if text[-1] in _RUNS_ON else LOWEST

"""Whose document it is: the place it reports on, or the company, and who publishes it.

A place that is only mentioned does not count: it must stand in the title as what that is about, or speak through its
government, its congress or its offices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from checker import places
from checker.metrics import metrics
from checker.places import Mention, Place
from checker.read.page import BEGINNING, Page
from checker.read.titles import Line
from checker.read.wording import INFERRED, STATED, Found, part, reader
from checker.vocabulary import any_of, words

# A line that is read for who speaks is read so far; the words for the own place count where there are so many.
_REACH, _OWN = 160, 3
# A company that is named so often, and twice as often as any other, is the one a report is about.
_OFTEN = 5


def find_company(page: Page, title: str, kind: dict[str, Any]) -> Found | None:
    """The company that a report is about: in its title, on a line above or below it, or in its first sentences."""
    if m := reader("company").search(title):
        return Found(part(m, "who"), STATED, "title", m[0])
    if kind.get("of") != "organisation":
        return None
    for line in page.below:
        if (m := reader("company").search(line.text)) and not line.text[m.end() :].strip("：:"):
            return Found(part(m, "who"), STATED, "head", m[0], line.source)
    for m in page.finditer(reader("company_said"), page.start, page.start + BEGINNING):
        return Found(part(m, "who"), INFERRED, "text", m[0], page.source(m))
    counted = Counter(part(m, "who") for m in reader("company").finditer(page.flat))
    ranked = counted.most_common(2)
    if not ranked or ranked[0][1] < _OFTEN or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    return Found(ranked[0][0], INFERRED, "named", ranked[0][0])


def find_place(page: Page, title: str, kind: dict[str, Any]) -> Found | None:
    """The place a document reports on; None where that is open, and of a report on a company that names no place."""
    near = [mention.place for mention in _head_mentions(page) if mention.place]
    found = _titled(title, near, "kind" in kind) or _national(title, "title")
    if found or kind.get("of") == "organisation":
        return found
    return (
        _spoken(page, page.below, near, "head")
        or _national_head(page)
        or _spoken(page, page.tail, near, "signature")
        or _most_named(page)
    )


def _head_mentions(page: Page) -> list[Mention]:
    return places.find(page.text, page.start, min(page.end, page.start + BEGINNING))


# ---- the title


def _titled(title: str, near: list[Place], reports: bool) -> Found | None:
    """The place that a title is about, by where it stands in it."""
    found = []
    for first, last in _chains(places.resolve(places.find(title), near)):
        opens = bool(reader("places", "opens").search(title[: first.start]))
        heads = bool(reader("places", "heads").match(title, last.end)) or last.end == len(title)
        zone = _zone().match(title, last.end)
        if not last.place or not (opens or heads) or not (last.full or (opens and heads)):
            continue
        found.append(
            (places.printed(last.place) + (zone[0] if zone else ""), title[first.start : last.end], last.place)
        )
    if not found:
        m = reader("places", "unlisted").search(title)
        # A name that several places share is no name of another.
        if m and not places.named(m["place"]):
            return Found(m["place"], STATED, "title", m[0])
        return _formed(title, reports)
    name, text, place = found[0]
    for other, words_, inner in found[1:]:
        if places.above(place, inner):
            name, text, place = other, words_, inner
        elif inner != place and not places.above(inner, place):
            return None
    return Found(name, STATED, "title", text)


def _formed(title: str, reports: bool) -> Found | None:
    """The only place that by the form of its name may be what a title is about, where the gazetteer holds none.

    One that `reports` may begin with it, whatever follows.
    """
    opens, heads = reader("places", "opens"), reader("places", "heads")
    found, first, last = [], 0, -1
    for mention in places.formed(title):
        first = first if mention.start == last else mention.start  # 景岚市平澜区 stands where 景岚市 does
        last = mention.end
        about = metrics().begins(title, last) or heads.match(title, last) or (reports and not first)
        if opens.search(title[:first]) and about:
            found.append(mention.text)
    return Found(found[0], STATED, "title", found[0]) if len(found) == 1 else None


def _chains(mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Names of which each stands directly behind the one it lies in (河南省郑州市), by the first and the last."""
    first = last = None
    for mention in mentions:
        if mention.places and mention.places[0].tier == places.COUNTRY:
            continue
        if first and last and last.end == mention.start:
            last = mention
            continue
        if first and last:
            yield first, last
        first = last = mention
    if first and last:
        yield first, last


@cache
def _zone() -> re.Pattern[str]:
    return re.compile(f"[\u4e00-\u9fff]{{0,8}}?{any_of(words('places')['zones'])}")


def _national(title: str, how: str, source: int | None = None) -> Found | None:
    m = reader("places", "national").search(title)
    return Found(words("places")["national"], STATED, how, m[0], source) if m else None


# ---- who speaks


def _national_head(page: Page) -> Found | None:
    lines = (line for line in page.below if not line.is_prose and not reader("places", "elsewhere").search(line.text))
    return next((found for line in lines if (found := _national(line.text, "head", line.source))), None)


def _spoken(page: Page, lines: Iterable[Line], near: list[Place], how: str) -> Found | None:
    """The place whose government, congress or office is named on one of these lines, the first that is."""
    for line in lines:
        if reader("places", "elsewhere").search(line.text):
            continue
        for name, text in _speakers(line.text[:_REACH], near):
            if _own_fits(page, name):
                return Found(name, STATED if how == "head" else INFERRED, how, text, line.source)
    return None


def _speakers(text: str, near: list[Place]) -> Iterator[tuple[str, str]]:
    """Every place that speaks in a text, and the words."""
    speaks = reader("places", "speaks")
    for first, last in _chains(places.resolve(places.find(text), near)):
        if last.place and (m := speaks.match(text, last.end)):
            yield places.printed(last.place), text[first.start : m.end()]
    m = reader("places", "unlisted").search(text)
    if m and speaks.match(text, m.end("place")) and not places.find(m["place"]):
        yield m["place"], m[0].strip()


def _most_named(page: Page) -> Found | None:
    """The place whose offices a text names most, where no other comes near."""
    counted = Counter(name for line in re.split("\n", page.flat) for name in _whole_names(line))
    ranked = counted.most_common(2)
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    name = ranked[0][0]
    return Found(name, INFERRED, "named", name) if _own_fits(page, name) else None


def _whole_names(line: str) -> Iterator[str]:
    if not reader("places", "elsewhere").search(line):
        for first, last in _chains(places.find(line)):
            if last.place and first.full and reader("places", "speaks").match(line, last.end):
                yield places.printed(last.place)


def _own_fits(page: Page, name: str) -> bool:
    """Whether a text that says 全市 all along can be of a place with this name."""
    counted = [(sum(map(page.flat.count, own["words"])), own["ends"]) for own in words("places")["own"]]
    most, ends = max(counted, key=lambda pair: pair[0])
    return most < _OWN or name.endswith(tuple(ends))


# ---- who publishes


def find_publisher(page: Page) -> Found | None:
    """Who signs below the title, else the source that a page names, else who signs at the end."""
    for line in page.below:
        for key in ("line", "company"):
            if not line.is_prose and (m := reader("publishers", key).search(line.text)):
                return Found(part(m, "who"), STATED, "head", line.text, line.source)
    for m in page.finditer(reader("publishers", "label"), 0, page.end):
        return Found(part(m, "who"), STATED, "source", m[0].strip(), page.source(m))
    first = page.below[0].source if page.below else 0
    for line in reversed(page.tail):
        if line.source > first and (m := reader("publishers", "line").search(line.text)):
            return Found(part(m, "who"), INFERRED, "signature", line.text, line.source)
    return None

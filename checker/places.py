"""The gazetteer: China's administrative divisions and countries, found in texts and resolved by what stands near.

The names stand in rules/vocabulary/places.csv, how they are used in places.yaml. A name that several places share is
resolved by the places above it that a text names, or not at all. A name that is not there may be known by its form.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick

from checker.automaton import automaton_of, matches
from checker.vocabulary import any_of, rules_dir, words

COUNTRY, PROVINCE, PREFECTURE, COUNTY = "country", "province", "prefecture", "county"


@dataclass(frozen=True, slots=True)
class Place:
    """A division by its code in GB/T 2260, or a country by that in ISO 3166.

    `until` is the last year of one that is no more, and `now` the code of what took its place.
    """

    code: str
    name: str
    short: str
    until: str = ""
    now: str = ""

    @property
    def tier(self) -> str:
        if not self.code.isdigit():
            return COUNTRY
        return PROVINCE if self.code.endswith("0000") else PREFECTURE if self.code.endswith("00") else COUNTY


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text and the places that it may stand for; `full` where the name is not only the short one."""

    start: int
    end: int
    text: str
    places: tuple[Place, ...]
    full: bool

    @property
    def place(self) -> Place | None:
        """What it stands for; None where that is open."""
        return self.places[0] if len(self.places) == 1 else None


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    """The places by code and by name; `full` are the names that are no short ones, `ordinary` those that are words
    unless they stand behind another.
    """

    by_code: dict[str, Place]
    names: dict[str, tuple[Place, ...]]
    full: frozenset[str]
    ordinary: frozenset[str]
    automaton: AhoCorasick


@cache
def nation() -> Place:
    """China as a whole."""
    name = words("places")["national"]
    return Place("CHN", name, name)


@cache
def _gazetteer() -> _Gazetteer:
    places = _read()
    by_code = {place.code: place for place in reversed(places)} | {nation().code: nation()}
    names: dict[str, dict[str, Place]] = {}
    for place in places:
        # A name in use stands for nothing that went by it before.
        if not place.until or all(other.until for other in names.get(place.name, {}).values()):
            names.setdefault(place.name, {})[place.code] = place
    _add_short(names, [place for place in places if not place.until])
    for name in words("places")["national_names"]:
        names[name] = {nation().code: nation()}
    long = {name: tuple(found.values()) for name, found in names.items() if len(name) > 1}
    full = frozenset(name for name, found in long.items() if any(name == place.name for place in found))
    automaton = automaton_of(list(long))
    return _Gazetteer(by_code, long, full, frozenset(words("places")["ordinary"]), automaton)


def _read() -> list[Place]:
    path = rules_dir() / "vocabulary" / "places.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(line for line in file if not line.startswith("#"))
        next(rows)
        places = [Place(code, name, short or _stem(name), until, now) for code, name, short, until, now in rows]
    # 新区 and the like, out of use as names of a place, are ordinary words.
    return [place for place in places if not place.until or len(place.name) > 2]


def _stem(name: str) -> str:
    suffix = next((end for end in words("places")["suffixes"] if name.endswith(end) and len(name) > len(end) + 1), "")
    return name.removesuffix(suffix)


def _add_short(names: dict[str, dict[str, Place]], places: Sequence[Place]) -> None:
    """Short names of provinces and prefectures, with the counties elsewhere that go by the same; and other names."""
    aliases = words("places")["aliases"]
    shared: dict[str, list[Place]] = {}
    for place in places:
        shared.setdefault(place.short, []).append(place)
        if place.short + place.name[-1] not in names and place.tier in (PREFECTURE, COUNTY):
            names[place.short + place.name[-1]] = {place.code: place}
        for alias in aliases.get(place.code, ()):
            names[alias] = {place.code: place}
    for short, found in shared.items():
        if short not in names and len(short) > 1 and any(place.tier != COUNTY for place in found):
            names[short] = {place.code: place for place in _outermost(found)}


def _outermost(places: Sequence[Place]) -> list[Place]:
    """The provinces among some places, else those that are inside no other of them: 长沙 is 长沙市, not 长沙县."""
    provinces = [place for place in places if place.tier in (PROVINCE, COUNTRY)]
    return provinces or [place for place in places if not any(above(other, place) for other in places)]


def above(outer: Place, inner: Place) -> bool:
    """Whether a place lies inside another, by their codes."""
    inside = {PROVINCE: 2, PREFECTURE: 4}.get(outer.tier, 0)
    return inside > 0 and outer.code != inner.code and inner.code[:inside] == outer.code[:inside]


def parents(place: Place) -> tuple[Place, ...]:
    """The places around one, the nearest first: 郑州市, 河南省 of 二七区."""
    if place.tier in (COUNTRY, PROVINCE):
        return ()
    codes = dict.fromkeys((place.code[:4] + "00", place.code[:2] + "0000"))
    by_code = _gazetteer().by_code
    return tuple(by_code[code] for code in codes if code != place.code and code in by_code)


def parts(place: Place) -> tuple[Place, ...]:
    """The places of today that lie directly in one: the districts and counties of a city, the cities of a province."""
    return _parts().get(place.code, ())


@cache
def _parts() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for place in _gazetteer().by_code.values():
        if not place.until:
            for outer in parents(place)[:1]:
                found.setdefault(outer.code, []).append(place)
    return {code: tuple(places) for code, places in found.items()}


def filed(name: str) -> Place | None:
    """The place that is filed under a name (see `printed`); None of what is no single place of today."""
    mentions = find(name)
    place = mentions[-1].place if mentions and mentions[-1].end == len(name) else None
    return place if place and not place.until and printed(place) == name else None


def printed(place: Place) -> str:
    """The name that a report is filed under: that of GB/T 2260, in front of it for a district that of its city.

    So it is for every name that several places share.
    """
    district = place.tier == COUNTY and place.name.endswith(words("places")["own"][-1]["ends"][0])
    if place.tier == COUNTY and (district or len(named(place.name)) > 1):
        return "".join(outer.name for outer in parents(place)[:1]) + place.name
    return place.name


def by_code(code: str) -> Place | None:
    """The place of a code; of one that is no more, where no other has it."""
    return _gazetteer().by_code.get(code)


def named(name: str) -> tuple[Place, ...]:
    """The places that go by a name; former ones only where none does today."""
    return _gazetteer().names.get(name, ())


def find(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Every name of a place in a text, the longest at each point, resolved by the names around it in that text."""
    return resolve(_scan(text, start, len(text) if end is None else end))


def _scan(text: str, start: int, end: int) -> list[Mention]:
    gazetteer = _gazetteer()
    ordinary, names = gazetteer.ordinary, gazetteer.names
    found: list[Mention] = []
    for _, first, last in matches(gazetteer.automaton, text[start:end]):
        name, at = text[start + first : start + last], start + first
        if name not in ordinary or (found and found[-1].end == at):
            found.append(Mention(at, start + last, name, names[name], name in gazetteer.full))
    return found


@cache
def _forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names look like that the gazetteer does not hold: where one begins, and directly behind another."""
    form = words("places")["formed"]
    letter = f"[^\\W\\da-zA-Z_{form['not_in_names']}]"
    kinds = [
        f"{letter}{{{kind['long']}}}(?<![{kind['not_behind']}]){any_of(kind['ends'])}(?![{kind['goes_on']}])"
        for kind in form["kinds"]
    ]
    name = f"(?!{any_of(form['not'])})(?:{'|'.join(kinds)})"
    return re.compile(form["between"] + name), re.compile(name)


def formed(text: str) -> list[Mention]:
    """What by its form may be a name of a place that the gazetteer does not hold; filed under what it reads."""
    begins, behind = _forms()
    found: list[Mention] = []
    m = begins.search(text)
    while m:
        if not _scan(m[0], 0, len(m[0])):
            found.append(Mention(m.start(), m.end(), m[0], (Place("", m[0], m[0]),), True))
        m = behind.match(text, m.end()) or begins.search(text, m.end())
    return found


def _code(place: Place) -> str:
    return place.code


def resolve(mentions: Iterable[Mention], near: Iterable[Place] = ()) -> list[Mention]:
    """The same mentions, each with only those of its places that lie inside another one that is named, where any do.

    The name directly in front decides first, then all others and the places `near`.
    """
    mentions = list(mentions)
    around = {place.code for place in near} | {mention.place.code for mention in mentions if mention.place}
    resolved: list[Mention] = []
    for mention in mentions:
        if len(mention.places) == 1:
            resolved.append(mention)
            continue
        before = resolved[-1] if resolved and resolved[-1].end == mention.start else None
        inside = [p for p in mention.places if before and any(above(outer, p) for outer in before.places)]
        inside = inside or [p for p in mention.places if around.intersection(map(_code, parents(p)))]
        kept = tuple(inside) if inside else mention.places
        resolved.append(Mention(mention.start, mention.end, mention.text, kept, mention.full))
    return resolved

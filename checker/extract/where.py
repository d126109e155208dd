"""Where a figure holds: the place that its clause names, the tier of administration, the budget it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from checker import places
from checker.extract.clauses import Bound
from checker.extract.lexer import Span
from checker.extract.names import Naming
from checker.extract.told import CARRIED, DOCUMENT, STATED, Told
from checker.model import Document
from checker.places import Place
from checker.read.tables import narrow
from checker.vocabulary import any_of

# How many characters in front of a tier show whether it says where the figures behind it hold.
_IN_FRONT = 3
_OPENING, _CLOSING = "（(", "）)"


@dataclass(frozen=True, slots=True)
class Tiers:
    """Words for tiers of administration: what each says, which hold until another is named, and where they stand.

    `word` finds one of them, and `own` is the tier that a place means by its own, by how its name ends.
    """

    scope_of: dict[str, str]
    own: dict[str, str]
    word: re.Pattern[str]
    lasting: frozenset[str]
    at: re.Pattern[str]
    clause_end: re.Pattern[str]
    office: re.Pattern[str]


class Located(NamedTuple):
    """The name of a place in a text, and the place as reports are filed under it; empty for the document's own."""

    start: int
    end: int
    place: str
    text: str


def compile_tiers(cues: dict[str, Any], offices: Sequence[str]) -> Tiers:
    """The tiers of cues.yaml; `offices` are the words behind a place that name one of its offices."""
    scope_of = {word: scope for scope, group in cues["scopes"].items() for word in group}
    scope_of |= {narrow(word): scope for word, scope in scope_of.items()}  # as heads of tables are read
    return Tiers(
        scope_of,
        cues["own_scopes"],
        re.compile(any_of([word for word in scope_of if word])),
        frozenset(cues["lasting_scopes"]),
        re.compile(cues["scope_at"]["pattern"]),
        re.compile("[，；,;]"),
        re.compile(any_of(offices)),
    )


def located(document: Document, near: Sequence[Place], tiers: Tiers, own: re.Pattern[str]) -> list[Located]:
    """The places that a text names in full, and its own, in order; no offices (长沙市政府), none that may be several.

    `own` are the names that the document's own place goes by. A place ends where the word for a tier of it begins
    (长沙市本级).
    """
    flat = document.flat
    found = {
        mention.start: Located(mention.start, mention.end, places.printed(mention.place), mention.text)
        for mention in places.resolve(places.find(flat), near)
        if mention.place and mention.full
    }
    for m in own.finditer(flat):
        found[m.start()] = Located(m.start(), m.end(), "", m[0])
    home = {document.place, *(place.name for place in near)}
    return [
        each._replace(place="" if each.place in home else each.place, end=_without_tier(flat, each, tiers))
        for _, each in sorted(found.items())
        if not tiers.office.match(flat, each.end)
    ]


def _without_tier(flat: str, each: Located, tiers: Tiers) -> int:
    """Where the name of a place ends whose last character opens the word for a tier as well."""
    tier = tiers.word.match(flat, each.end - 1)
    return each.end - 1 if tier and tier.end() > each.end else each.end


def own_tier(place: str, tiers: Tiers) -> str:
    """The tier that a report on a place means by its own; empty where the name does not tell."""
    return next((tier for end, tier in tiers.own.items() if place.endswith(end)), "")


def place_of(bound: Bound, found: Sequence[Located], start: int, end: int, home: str) -> Told:
    """The place of a figure: that which its name begins with, or that of what the clause is about; else its document's.

    `found` are the places named in the text, `start` and `end` those of the sentence.
    """
    if not bound.place:
        return Told(home, DOCUMENT)
    first = bisect_left(found, start, key=lambda each: each.start)
    for each in found[first:]:
        if each.start >= end:
            break
        if each.text == bound.place:
            return Told(each.place or home, CARRIED if bound.place_carried else STATED, bound.place)
    return Told(home, DOCUMENT)


class Tier(NamedTuple):
    """A tier named in a sentence: where its word ends, the tier, whether it lasts, where clause and brackets end."""

    end: int
    scope: str
    lasts: bool
    clause: int
    closed: int
    text: str


def tiers_in(
    flat: str, start: int, end: int, spans: Sequence[Span], tiers: Tiers, behind: Collection[int] = ()
) -> list[Tier]:
    """The tiers that a sentence names for the figures behind them.

    `spans` are its words for tiers, and `behind` is where the names of places end that such a word may follow.
    """
    found = []
    for first, last, word in spans:
        if flat[last : last + 1].isdigit():
            continue  # 省级93个
        if first > start and first not in behind and not tiers.at.search(flat, max(start, first - _IN_FRONT), first):
            continue
        text = word.text
        scope, clause = tiers.scope_of[text], tiers.clause_end.search(flat, last, end)
        ends = clause.start() if clause else end
        found.append(Tier(last, scope, scope in tiers.lasting, ends, _closed_at(flat, first, end), text))
    return found


def _closed_at(flat: str, at: int, end: int) -> int:
    """Where a bracket that was open here is closed; the end where none was."""
    closing = min((i for sign in _CLOSING if (i := flat.find(sign, at, end)) >= 0), default=end)
    opening = min((i for sign in _OPENING if (i := flat.find(sign, at, end)) >= 0), default=end)
    return closing if closing < opening else end


# That of what the document as a whole is about.
_OF_DOCUMENT = Told("", DOCUMENT)


def tier_of(found: Sequence[Tier], offset: int, carried: str) -> tuple[Told, str]:
    """The tier of a figure, and that which holds for what follows; `carried` held so far."""
    lasting, own = Told(carried, CARRIED) if carried else _OF_DOCUMENT, None
    for tier in found:
        if tier.end > offset:
            break
        if offset > tier.closed:
            continue
        told = Told(tier.scope, STATED, tier.text)
        if tier.lasts:
            lasting, own = told, None
        else:
            own = told if offset <= tier.clause else None
    return own or lasting, lasting.value


@lru_cache(maxsize=20_000)
def tier_named(text: str, naming: Naming) -> str | None:
    """The word for a tier that a title or head holds first; None where it holds none."""
    scope = naming.lexer.kinds["scope"]
    return next((word.text for _, _, word in naming.lexer.spans(text) if word.letter in scope), None)

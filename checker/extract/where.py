"""Where a figure holds: the place that its clause names, the tier of administration, the budget it belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from checker import places
from checker.automaton import automaton_of, matches
from checker.extract.clauses import Bound
from checker.extract.lexer import Span, Word
from checker.extract.names import LONGEST, Naming, list_head, name_before, said
from checker.extract.told import CARRIED, DOCUMENT, STATED, Told
from checker.metrics import Metrics
from checker.model import Document
from checker.places import Mention, Place
from checker.read.tables import narrow
from checker.vocabulary import any_of

# How many characters in front of a tier show whether it says where the figures behind it hold.
_IN_FRONT = 3
_OPENING, _CLOSING = "（(", "）)"
# So long is what joins two names.
_JOINT = 2
_NO_WORD = (-1, -1, Word("", ""))


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
    amount: re.Pattern[str]


class Located(NamedTuple):
    """The name of a place in a text, and the place as reports are filed under it; empty for the document's own."""

    start: int
    end: int
    place: str
    text: str


def compile_tiers(cues: dict[str, Any], places: dict[str, Any]) -> Tiers:
    """The tiers of cues.yaml; `places` is places.yaml: what names an office of a place, and an amount, behind one."""
    scope_of = {word: scope for scope, group in cues["scopes"].items() for word in group}
    scope_of |= {narrow(word): scope for word, scope in scope_of.items()}  # as heads of tables are read
    return Tiers(
        scope_of,
        cues["own_scopes"],
        re.compile(any_of([word for word in scope_of if word])),
        frozenset(cues["lasting_scopes"]),
        re.compile(cues["scope_at"]["pattern"]),
        re.compile("[，；,;]"),
        re.compile(any_of(places["offices"])),
        re.compile(places["formed"]["amount"]),
    )


def located(
    document: Document,
    near: Sequence[Place],
    tiers: Tiers,
    own: re.Pattern[str],
    periods: Mapping[int, int],
    naming: Naming,
    metrics: Metrics,
) -> list[Located]:
    """The places that a text names in full, and its own, in order; no offices (长沙市政府), none that may be several.

    `own` are the names that the document's own place goes by, `periods` the phrases that name periods, each from where
    to where. A place ends where the word for a tier of it begins (长沙市本级).
    """
    flat = document.flat
    listed = places.resolve(places.find(flat), near)
    found = {
        mention.start: Located(mention.start, mention.end, places.printed(mention.place), mention.text)
        for mention in (*_unlisted(flat, listed, periods, tiers, naming, metrics), *listed)
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


def _unlisted(
    flat: str,
    listed: Sequence[Mention],
    periods: Mapping[int, int],
    tiers: Tiers,
    naming: Naming,
    metrics: Metrics,
) -> Iterator[Mention]:
    """The places that no gazetteer holds, wherever a text names them, of which it states an indicator anywhere."""
    starts = [mention.start for mention in listed]

    def within(at: int) -> bool:
        before = bisect_right(starts, at)
        return before > 0 and listed[before - 1].end > at  # 呼和浩特市 is no 浩特市

    names: dict[str, tuple[Place, ...]] = {}
    joint = naming.lexer.kinds["and"]
    behind = len(flat) + _JOINT + 1  # where the one begins that lies in it, or that a list goes on with
    for each in reversed([each for each in places.formed(flat) if not within(each.start)]):
        near = behind - each.end <= _JOINT
        joins = near and all(word.letter in joint for word in naming.lexer.words(flat[each.end : behind]))
        if joins or _measured(flat, each.end, periods, tiers, naming, metrics):
            names[each.text], behind = each.places, each.start
    words = list(names)
    for number, start, end in matches(automaton_of(words), flat) if words else ():
        if not within(start):
            yield Mention(start, end, words[number], names[words[number]], full=True)


def _measured(flat: str, at: int, periods: Mapping[int, int], tiers: Tiers, naming: Naming, metrics: Metrics) -> bool:
    """Whether a text goes on with an indicator, or with its period or its verb and then that."""
    kinds = naming.lexer.kinds
    leading = kinds["achieving"] | kinds["fulfils"] | kinds["total"] | kinds["of"] | kinds["scope"]
    while not (metrics.begins(flat, at) or tiers.amount.match(flat, at) or _measure_named(flat, at, naming)):
        behind = periods.get(at)
        if not behind:
            start, behind, word = next(iter(naming.lexer.spans(flat[at : at + LONGEST], at)), _NO_WORD)
            if start != at or word.letter not in leading:
                return False
        at = behind
    return True


# A name that a number stands behind.
_NAME = re.compile("[\u4e00-\u9fff]{4,12}(?=\\d)")


def _measure_named(flat: str, at: int, naming: Naming) -> bool:
    """Whether the words up to the next number end as the name of a measure does (农业总产值)."""
    run = _NAME.match(flat, at)
    name = said(name_before(naming.lexer.words(run[0]), naming)) if run else ""
    return bool(list_head(name, naming))


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

    `spans` are its words for tiers or the whole, and `behind` is where the names of places end that such a word may
    follow.
    """
    found = []
    for first, last, word in spans:
        if flat[last : last + 1].isdigit() and not tiers.amount.match(flat, last):
            continue  # 省级93个, but 市本级52.6亿元
        if first > start and first not in behind and not tiers.at.search(flat, max(start, first - _IN_FRONT), first):
            continue
        text = word.text
        scope, clause = tiers.scope_of.get(text, ""), tiers.clause_end.search(flat, last, end)
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

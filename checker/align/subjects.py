"""Whose figures are they: of which place or company each claim speaks, as far as that is known.

What is not known joins nothing by itself. A document that says neither place nor company is taken to be about that of
another where it shares enough with it: phrases that not every report has, and figures alike.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from checker.align.figures import SHORT, Figure, significant, value_level
from checker.align.phrases import is_bare
from checker.align.weights import setting, weights
from checker.columns import Bools, Ints, Texts, combine
from checker.vocabulary import any_of, words

# Stands before the name of a company, and of a document whose subject is unknown: no place is called so.
COMPANY, UNKNOWN = "@", "?"
# A phrase of more subjects than this is no sign of what a document is about; what still more state is not looked at.
FEW, MANY = 4, 50


@cache
def _company_end() -> re.Pattern[str]:
    return re.compile(f"(?<=..){any_of(words('alignment')['company_ends'])}$")


@cache
def company(name: str) -> str:
    """The name of a company without what says that it is one, 有限公司 and the like."""
    while (shorter := _company_end().sub("", name)) != name:
        name = shorter
    return name


def named(subject: str) -> str:
    """The place or company that a subject is, as a reader knows it; empty where it is unknown."""
    return "" if subject.startswith(UNKNOWN) else subject.removeprefix(COMPANY)


def subjects(table: pd.DataFrame, texts: Mapping[str, Texts]) -> Texts:
    """The subject of each claim: its place, or the company of its document; `phrase` is what its metric goes by."""
    organisation = texts["organisation"]
    firm = organisation.are(bool)
    named = organisation.map(lambda name: COMPANY + company(name) if name else "")
    place = texts["place"]
    codes = np.where(firm, len(place.values) + named.codes, place.codes)
    subject = Texts(codes, np.concatenate([place.values, named.values])).recode(
        np.concatenate([place.values, named.values])
    )
    unknown = ~subject.are(bool)
    return _resolved(table, texts, subject, unknown) if unknown.any() else subject


def _resolved(table: pd.DataFrame, texts: Mapping[str, Texts], subject: Texts, unknown: Bools) -> Texts:
    """The subjects, with those that are unknown given the name of what their document is found to be about."""
    document = texts["document"]
    names = [UNKNOWN + str(path) for path in document.values]
    codes = np.where(unknown, len(subject.values) + document.codes, subject.codes)
    apart = Texts(codes, np.concatenate([subject.values, np.array(names, dtype=object)]))
    known = {int(code) for code in np.unique(codes[~unknown])}
    shared = _shared(table, texts, apart.codes, unknown)
    became = _united(shared, known, apart.values.tolist())
    values = apart.values.copy()
    for code, other in became.items():
        values[code] = apart.values[other]
    return Texts(apart.codes, values).recode(values)


def _shared(
    table: pd.DataFrame, texts: Mapping[str, Texts], subject: Ints, unknown: Bools
) -> dict[tuple[int, int], float]:
    """What each unknown subject has in common with others: the sum over what both state, by their pair.

    A phrase of its own speaks for them, once, and so do amounts that are alike; those far apart speak against. Rates
    are much the same everywhere.
    """
    own = (texts["concept"].codes < 0) & ~texts["metric"].are(is_bare)
    parts = ("phrase", "attribute", "dimension", "period_start", "period_end")
    stated = combine([texts[part].codes for part in parts])
    level = texts["attribute"].are(lambda attribute: attribute == "level")
    rows = np.flatnonzero(level & texts["period_end"].are(bool) & np.isin(stated, stated[unknown]))
    columns = [table[name].iloc[rows].tolist() for name in Figure._fields[:7]]
    groups: dict[int, dict[int, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for code, one, *figure in zip(stated[rows].tolist(), subject[rows].tolist(), *columns, strict=True):
        groups[code][one].append(Figure(*figure))
    phrase = {int(code) for code in stated[rows[own[rows]]]}
    open_ = set(np.unique(subject[unknown]).tolist())
    points: dict[tuple[int, int], float] = defaultdict(float)
    worded: set[tuple[int, int]] = set()
    for code, members in groups.items():
        for a, b in _pairs(members, open_) if len(members) <= MANY else ():
            alike = max(_alike(x, y) for x, y in product(members[a][:FEW], members[b][:FEW]))
            points[a, b] += alike
            if code in phrase and len(members) <= FEW:
                worded.add((a, b))
    for pair in worded:
        points[pair] += setting("whose", "phrase")
    return points


def _pairs(members: Collection[int], unknown: set[int]) -> Iterator[tuple[int, int]]:
    """Any two of these subjects, one of them unknown, the smaller number first."""
    for one in unknown.intersection(members):
        yield from ((min(one, b), max(one, b)) for b in members if b not in unknown or b > one)


def _alike(a: Figure, b: Figure) -> float:
    """What two figures tell of their documents being about one subject; of few digits they may be alike by chance."""
    if min(len(significant(a)), len(significant(b))) < SHORT and a.value != b.value:
        return min(0.0, weights("value")[value_level(a, b)])
    return weights("value")[value_level(a, b)]


def _united(points: Mapping[tuple[int, int], float], known: set[int], names: list[str]) -> dict[int, int]:
    """For each unknown subject the one it is found to be: the only known one it has enough in common with, or another.

    Two that share most come first, and all that are one have enough in common, each with each. Of unknown ones the
    first by name lends its own.
    """
    enough = {pair for pair, total in points.items() if total >= setting("whose", "enough")}
    several = Counter(
        one for pair in enough for one, other in (pair, pair[::-1]) if other in known and one not in known
    )
    groups = {one: [one] for pair in enough for one in pair}
    for pair in sorted(enough, key=lambda pair: (-points[pair], names[pair[0]], names[pair[1]])):
        mine, theirs = (groups[one] for one in pair)
        if mine is theirs or any(several[one] > 1 for one in pair):
            continue
        if all((min(a, b), max(a, b)) in enough for a, b in product(mine, theirs)):
            mine += theirs
            groups |= dict.fromkeys(theirs, mine)
    return {one: min(group, key=lambda one: (one not in known, names[one])) for one, group in groups.items()}

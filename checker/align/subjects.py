"""Whose figures are they: of which place or company each claim speaks, as far as that is known.

What is not known joins nothing by itself. A document that says neither place nor company is taken to be about that of
another where it shares enough with it: phrases that not every report has, and figures alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import combinations, product

import numpy as np
import pandas as pd

from checker.align.figures import SHORT, Figure, significant, value_level
from checker.align.phrases import is_bare
from checker.align.weights import setting, weights
from checker.columns import Bools, Ints, Texts, combine
from checker.vocabulary import any_of, words

# Stands before the name of a company, and of a document whose subject is unknown: no place is called so.
COMPANY, UNKNOWN = "@", "?"
# What more subjects than this state is no sign of what a document is about.
FEW = 4


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

    A phrase of its own for one period speaks for them, and so do figures alike; figures far apart speak against.
    """
    own = (texts["concept"].codes < 0) & ~texts["metric"].are(is_bare)
    parts = ("phrase", "attribute", "dimension", "period_start", "period_end")
    stated = combine([texts[part].codes for part in parts])
    rows = np.flatnonzero(texts["period_end"].are(bool) & np.isin(stated, stated[unknown]))
    columns = [table[name].iloc[rows].tolist() for name in Figure._fields[:7]]
    groups: dict[int, dict[int, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for code, one, *figure in zip(stated[rows].tolist(), subject[rows].tolist(), *columns, strict=True):
        groups[code][one].append(Figure(*figure))
    phrase = {int(code) for code in stated[rows[own[rows]]]}
    points: dict[tuple[int, int], float] = defaultdict(float)
    for code, members in groups.items():
        for a, b in combinations(sorted(members), 2) if len(members) <= FEW else ():
            alike = max(_alike(x, y) for x, y in product(members[a][:FEW], members[b][:FEW]))
            points[a, b] += alike + (setting("whose", "phrase") if code in phrase else 0.0)
    return points


def _alike(a: Figure, b: Figure) -> float:
    """What two figures tell of their documents being about one subject; of few digits they may be alike by chance."""
    if min(len(significant(a)), len(significant(b))) < SHORT and a.value != b.value:
        return min(0.0, weights("value")[value_level(a, b)])
    return weights("value")[value_level(a, b)]


def _united(points: Mapping[tuple[int, int], float], known: set[int], names: list[str]) -> dict[int, int]:
    """For each unknown subject the one it is found to be: the only known one it has enough in common with, or another.

    Two that share most come first. Of two unknown ones the first by name lends its own.
    """
    became: dict[int, int] = {}

    def root(one: int) -> int:
        while one in became:
            one = became[one]
        return one

    enough = [pair for pair, sum_ in points.items() if sum_ >= setting("whose", "enough")]
    several: dict[int, set[int]] = defaultdict(set)
    for a, b in enough:
        for one, other in ((a, b), (b, a)):
            if one not in known and other in known:
                several[one].add(other)
    for pair in sorted(enough, key=lambda pair: (-points[pair], names[pair[0]], names[pair[1]])):
        a, b = (root(one) for one in pair)
        if a == b or (a in known and b in known) or any(len(several[one]) > 1 for one in pair):
            continue
        first, second = sorted((a, b), key=lambda one: (one not in known, names[one]))
        became[second] = first
    return {one: root(one) for one in became}

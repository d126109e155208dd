"""Compare the phrases of metrics, each distinct one once: what does the same thing go by in other words?

How alike two phrases are is one of the levels of the comparison `metric` in alignment.yaml.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from checker.align.weights import setting, weights
from checker.automaton import every_match, overlapping
from checker.columns import Floats, Ints, Texts
from checker.metrics import names_of
from checker.vocabulary import any_of, words

# Phrases compared at a time.
BATCH = 64
_PUNCTUATION = re.compile(r"[^\w%‰]+|_")


@lru_cache(maxsize=1)
def _neutral() -> re.Pattern[str]:
    return re.compile(any_of(words("cues")["neutral"]))


@lru_cache(maxsize=1)
def _verbs() -> re.Pattern[str]:
    return re.compile(f"^{any_of(words('cues')['verbs'])}")


@lru_cache(maxsize=500_000)
def normalise(metric: str) -> str:
    """A phrase without what does not change its meaning: punctuation, neutral words, a relative clause in front."""
    head = metric.rpartition("的")[2]
    phrase = _PUNCTUATION.sub("", head if len(head) >= 6 else metric).lower()
    return _neutral().sub("", phrase) or phrase


@lru_cache(maxsize=500_000)
def core(phrase: str) -> str:
    """A normalised phrase without the verb in front (谋划运作重大项目: 重大项目)."""
    while (m := _verbs().match(phrase)) and len(phrase) - m.end() >= 2:
        phrase = phrase[m.end() :]
    return phrase


@lru_cache(maxsize=1)
def _bare() -> re.Pattern[str]:
    relational = [*words("relational")["relational"], *words("relational")["budget_parts"]["bare"]]
    heads = any_of([*relational, *map(normalise, relational), *words("cues")["compared"], *words("cues")["verbs"]])
    return re.compile(f"{heads}*")


@lru_cache(maxsize=500_000)
def is_bare(metric: str) -> bool:
    """Whether a metric is no more than verbs and heads that mean nothing without their owner."""
    phrase = normalise(metric)
    return not phrase or bool(_bare().fullmatch(phrase)) or bool(_bare().fullmatch(metric))


@lru_cache(maxsize=1)
def _contrasts() -> tuple[Any, list[str], dict[str, tuple[int, ...]]]:
    member: dict[str, list[int]] = {}
    for i, group in enumerate(words("contrasts")["contrasts"]):
        for word in group:
            member.setdefault(_PUNCTUATION.sub("", word).lower(), []).append(i)
    return overlapping(list(member)), list(member), {word: tuple(groups) for word, groups in member.items()}


def contrast_words(phrase: str) -> frozenset[tuple[int, str]]:
    """The words of a phrase that belong to a set of contrasts, each with its set.

    A longer word takes its characters from the words of its own set (进出口 is not 出口), never from those of others
    (预算支出 of 预算总支出/预算支出 is 支出 all the same).
    """
    automaton, names, member = _contrasts()
    found: dict[int, list[tuple[int, int, str]]] = {}
    for word, start, end in every_match(automaton, phrase):
        for group in member[names[word]]:
            found.setdefault(group, []).append((start, end, names[word]))
    return frozenset(
        (group, word)
        for group, at in found.items()
        for start, end, word in at
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in at)
    )


def contrasting(left: str, right: str) -> bool:
    """Whether words tell two phrases apart: others of a set of contrasts, a marker in one alone, other codes."""
    return _apart(_signs(left), _signs(right))


@lru_cache(maxsize=1)
def _markers() -> re.Pattern[str]:
    return re.compile(any_of(words("contrasts")["markers"]))


# What may tell a phrase apart: its contrasting words, markers and codes. Many phrases share theirs.
_Signs = tuple[frozenset[tuple[int, str]], frozenset[str], tuple[str, ...]]


@lru_cache(maxsize=500_000)
def _signs(phrase: str) -> _Signs:
    codes = re.findall(r"[a-z0-9.]+", phrase)
    return contrast_words(phrase), frozenset(_markers().findall(phrase)), tuple(codes)


@lru_cache(maxsize=500_000)
def _apart(left: _Signs, right: _Signs) -> bool:
    a, b = left[0], right[0]
    for group in {g for g, _ in a} & {g for g, _ in b}:
        mine, theirs = {w for g, w in a if g == group}, {w for g, w in b if g == group}
        if not mine & theirs:
            return True
    return left[1:] != right[1:]


def leaders(phrases: Any, blocks: Ints) -> Ints:
    """The position of the leader of each phrase: the most alike of those that lead before it in its block, or itself.

    Phrases come block after block, the most frequent of a block first. Order decides: a phrase that joins none leads.
    Leaders never move, so that adding phrases changes no old answer.
    """
    earlier, later, alike = _alike(phrases, blocks)
    leads, settled = np.ones(len(phrases), dtype=bool), False
    # In each round those are settled whose predecessors are: rounds are as many as the longest chain of alike phrases.
    while not settled:
        before, leads = leads, np.ones(len(phrases), dtype=bool)
        leads[later[before[earlier]]] = False
        settled = bool((leads == before).all())
    earlier, later, alike = (column[leads[earlier]] for column in (earlier, later, alike))
    names, _ = pd.factorize(phrases[earlier], sort=True)
    order = np.lexsort((-names, alike))
    found = np.arange(len(phrases))
    found[later[order]] = earlier[order]  # the last that is written stays: the most alike, of equals the first by name
    return found


def _alike(phrases: Any, blocks: Ints) -> tuple[Ints, Ints, Any]:
    """Any two phrases of a block, by position, that are alike and not contrasting, and how alike."""
    from rapidfuzz import fuzz, process

    least = setting("likeness", "alike")
    words, first = phrases.tolist(), np.searchsorted(blocks, blocks)
    pairs: list[tuple[Ints, ...]] = [(np.array([], dtype=np.int64),) * 3]
    for start in range(0, len(words), BATCH):
        stop = min(start + BATCH, len(words))
        near = process.cdist(
            words[start:stop],
            words[first[start] : stop],
            scorer=fuzz.ratio,
            score_cutoff=least,
            dtype=np.float32,
        )
        row, column = np.divmod(np.flatnonzero(near), near.shape[1])
        later, earlier = start + row, first[start] + column
        keep = (earlier < later) & (blocks[earlier] == blocks[later])
        pairs.append((earlier[keep], later[keep], near[row, column][keep]))
    earlier, later, alike = (np.concatenate(column) for column in zip(*pairs, strict=True))
    # Of many phrases the signs are the same, and so is whether these tell them apart.
    codes, values = pd.factorize(phrases)
    signs: dict[_Signs, int] = {}
    sign = np.array([signs.setdefault(_signs(phrase), len(signs)) for phrase in values], dtype=np.int64)[codes]
    both, which = np.unique(sign[earlier] * len(signs) + sign[later], return_inverse=True)
    distinct = list(signs)
    apart = [_apart(distinct[pair // len(signs)], distinct[pair % len(signs)]) for pair in both.tolist()]
    keep = ~np.array(apart, dtype=bool)[which]
    return earlier[keep], later[keep], alike[keep]


def related(left: Any, right: Any) -> Floats:
    """The weight of how two phrases of each pair compare that are not alike; none where they do not at all."""
    from rapidfuzz import fuzz, process

    least = setting("likeness", "related")
    near = process.cpdist(left, right, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float64) > 0
    # Only where both end in the same characters can one phrase, or another name of it, be the end of the other.
    both = Texts(*pd.factorize(np.concatenate([left, right])))
    mine, theirs = both.codes[: len(left)], both.codes[len(left) :]
    last = both.map(_last)
    of = dict(zip(last.values, range(len(last.values)), strict=True))
    named = [
        code * len(of) + of[end] for code, phrase in enumerate(both.values) for end in _by_end(phrase) if end in of
    ]
    begun, ended = last.codes[: len(left)], last.codes[len(left) :]
    ends = (begun == ended) | np.isin(mine * len(of) + ended, named) | np.isin(theirs * len(of) + begun, named)
    weight = np.full(len(left), weights("metric")["unlike"])
    for pair in np.flatnonzero(ends | near).tolist():
        weight[pair] = weights("metric")[likeness(left[pair], right[pair])]
    return weight


@lru_cache(maxsize=500_000)
def likeness(left: str, right: str) -> str:
    """How two normalised phrases compare, by the level of the comparison `metric`; an indicator by any of its names."""
    levels = {_likeness(left, right)}
    levels |= {_likeness(name, right) for name in _names(left, right)}
    levels |= {_likeness(left, name) for name in _names(right, left)}
    return "contrast" if "contrast" in levels else max(levels, key=weights("metric").__getitem__)


def _names(concept: str, phrase: str) -> tuple[str, ...]:
    """The other names of a concept that a phrase may be compared with: those of one end."""
    return _by_end(concept).get(_last(phrase), ())


@lru_cache(maxsize=10_000)
def _by_end(concept: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(map(normalise, names_of(concept)[1:])):
        found[_last(name)] = (*found.get(_last(name), ()), name)
    return found


@lru_cache(maxsize=500_000)
def _last(phrase: str) -> str:
    return core(phrase)[-words("alignment")["end"] :]


def _likeness(left: str, right: str) -> str:
    from rapidfuzz import fuzz

    if left == right:
        return "bare" if is_bare(left) else "exact"
    if contrasting(left, right):
        return "contrast"
    a, b = core(left), core(right)
    if a == b:
        return "core"
    short = min(len(a), len(b))
    if short >= words("alignment")["end"] and (a.endswith(b) or b.endswith(a)):
        return "end" if short > words("alignment")["end"] else "short_end"
    if sorted(a) == sorted(b):
        return "reordered"
    ratio = fuzz.ratio(left, right)
    return next((level for level in ("alike", "related") if ratio >= setting("likeness", level)), "unlike")

"""Compare the phrases of metrics, each distinct one once: what does the same thing go by in other words?

How alike two phrases are is one of the levels of the comparison `metric` in alignment.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from checker.align.weights import setting, weights
from checker.automaton import every_match, overlapping
from checker.columns import Floats, Ints, Texts
from checker.metrics import Metrics, metrics
from checker.vocabulary import Vocabulary, any_of, shipped, words

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


# What may tell a phrase apart: its contrasting words, markers and codes. Many phrases share theirs.
_Signs = tuple[frozenset[tuple[int, str]], frozenset[tuple[int, str]], frozenset[str], tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Phrases:
    """What a vocabulary tells phrases apart and joins them by.

    contrasts    an automaton of the words of all sets of contrasts, which `spelled` gives by their number
    member       the sets that each of these words is of
    combined     by word the kinds that it says, each with its set: both phrases say all the same of a set, or none
    combining    finds one of these words, the longest
    markers      words that both phrases have or neither
    metrics      indicators by their names
    """

    contrasts: Any
    spelled: list[str]
    member: Mapping[str, tuple[int, ...]]
    combined: Mapping[str, frozenset[tuple[int, str]]]
    combining: re.Pattern[str]
    markers: re.Pattern[str]
    metrics: Metrics

    def contrast_words(self, phrase: str) -> frozenset[tuple[int, str]]:
        """The words of a phrase that belong to a set of contrasts, each with its set.

        A longer word takes its characters from the words of its own set (进出口 is not 出口), never from those of
        others (预算支出 of 预算总支出/预算支出 is 支出 all the same).
        """
        found: dict[int, list[tuple[int, int, str]]] = {}
        for word, start, end in every_match(self.contrasts, phrase):
            for group in self.member[self.spelled[word]]:
                found.setdefault(group, []).append((start, end, self.spelled[word]))
        return frozenset(
            (group, word)
            for group, at in found.items()
            for start, end, word in at
            if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in at)
        )

    def contrasting(self, left: str, right: str) -> bool:
        """Whether words tell two phrases apart: others of a set of contrasts, a marker in one alone, other codes."""
        return _apart(self._signs(left), self._signs(right))

    @lru_cache(maxsize=500_000)  # phrases come again and again  # noqa: B019
    def _signs(self, phrase: str) -> _Signs:
        codes = re.findall(r"[a-z0-9.]+", phrase)
        markers = frozenset(self.markers.findall(phrase))
        return self.contrast_words(phrase), self._kinds(phrase), markers, tuple(codes)

    def _kinds(self, phrase: str) -> frozenset[tuple[int, str]]:
        """The kinds that a phrase says it counts together (新改建: 新建 and 改建), each with its set."""
        return frozenset(kind for word in self.combining.findall(phrase) for kind in self.combined[word])

    def leaders(self, phrases: Any, blocks: Ints) -> Ints:
        """The position of the leader of each phrase: the most alike that leads before it in its block, or itself.

        Phrases come block after block, the most frequent of a block first. Order decides: a phrase that joins none
        leads. Leaders never move, so that adding phrases changes no old answer.
        """
        earlier, later, alike = self._alike(phrases, blocks)
        leads, settled = np.ones(len(phrases), dtype=bool), False
        # In each round those are settled whose predecessors are: rounds are as many as the longest chain of alike ones.
        while not settled:
            before, leads = leads, np.ones(len(phrases), dtype=bool)
            leads[later[before[earlier]]] = False
            settled = bool((leads == before).all())
        earlier, later, alike = (column[leads[earlier]] for column in (earlier, later, alike))
        names, _ = pd.factorize(phrases[earlier], sort=True)
        order = np.lexsort((-names, alike))
        found = np.arange(len(phrases))
        # The last that is written stays: the most alike, of equals the first by name.
        found[later[order]] = earlier[order]
        return found

    def _alike(self, phrases: Any, blocks: Ints) -> tuple[Ints, Ints, Any]:
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
        sign = np.array([signs.setdefault(self._signs(one), len(signs)) for one in values], dtype=np.int64)[codes]
        both, which = np.unique(sign[earlier] * len(signs) + sign[later], return_inverse=True)
        distinct = list(signs)
        apart = [_apart(distinct[pair // len(signs)], distinct[pair % len(signs)]) for pair in both.tolist()]
        keep = ~np.array(apart, dtype=bool)[which]
        return earlier[keep], later[keep], alike[keep]

    def related(self, left: Any, right: Any) -> Floats:
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
            code * len(of) + of[end]
            for code, phrase in enumerate(both.values)
            for end in self._by_end(phrase)
            if end in of
        ]
        begun, ended = last.codes[: len(left)], last.codes[len(left) :]
        ends = (begun == ended) | np.isin(mine * len(of) + ended, named) | np.isin(theirs * len(of) + begun, named)
        weight = np.full(len(left), weights("metric")["unlike"])
        for pair in np.flatnonzero(ends | near).tolist():
            weight[pair] = weights("metric")[self.likeness(left[pair], right[pair])]
        return weight

    @lru_cache(maxsize=500_000)  # noqa: B019
    def likeness(self, left: str, right: str) -> str:
        """How two normalised phrases compare, by the level of the comparison `metric`; indicators by any name."""
        levels = {self._likeness(left, right)}
        levels |= {self._likeness(name, right) for name in self._names(left, right)}
        levels |= {self._likeness(left, name) for name in self._names(right, left)}
        return "contrast" if "contrast" in levels else max(levels, key=weights("metric").__getitem__)

    def _names(self, concept: str, phrase: str) -> tuple[str, ...]:
        """The other names of a concept that a phrase may be compared with: those of one end."""
        return self._by_end(concept).get(_last(phrase), ())

    @lru_cache(maxsize=10_000)  # noqa: B019
    def _by_end(self, concept: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in dict.fromkeys(map(normalise, self.metrics.names_of(concept)[1:])):
            found[_last(name)] = (*found.get(_last(name), ()), name)
        return found

    def _likeness(self, left: str, right: str) -> str:
        from rapidfuzz import fuzz

        if left == right:
            return "bare" if is_bare(left) else "exact"
        if self.contrasting(left, right):
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


def phrases(vocabulary: Vocabulary | None = None) -> Phrases:
    """What the contrasts and indicators of a vocabulary, or of the shipped one, tell phrases apart by."""
    return _compiled(vocabulary or shipped())


@lru_cache(maxsize=8)
def _compiled(vocabulary: Vocabulary) -> Phrases:
    data = vocabulary["contrasts"]
    member: dict[str, list[int]] = {}
    for i, group in enumerate(data["contrasts"]):
        for word in group:
            member.setdefault(_PUNCTUATION.sub("", word).lower(), []).append(i)
    return Phrases(
        contrasts=overlapping(list(member)),
        spelled=list(member),
        member={word: tuple(groups) for word, groups in member.items()},
        combined=_combined(data["combined"]),
        combining=re.compile(any_of(_combined(data["combined"]))),
        markers=re.compile(any_of(data["markers"])),
        metrics=metrics(vocabulary),
    )


def _combined(sets: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, frozenset[tuple[int, str]]]:
    """By word the kinds of things that it stands for, each with the number of its set."""
    said: dict[str, set[tuple[int, str]]] = {}
    for i, kinds in enumerate(sets):
        for kind, names in kinds.items():
            for name in names:
                said.setdefault(name, set()).add((i, kind))
    return {name: frozenset(kinds) for name, kinds in said.items()}


@lru_cache(maxsize=500_000)
def _last(phrase: str) -> str:
    return core(phrase)[-words("alignment")["end"] :]


@lru_cache(maxsize=500_000)
def _apart(left: _Signs, right: _Signs) -> bool:
    a, b = left[0], right[0]
    for group in {g for g, _ in a} & {g for g, _ in b}:
        mine, theirs = {w for g, w in a if g == group}, {w for g, w in b if g == group}
        if not mine & theirs:
            return True
    a, b = left[1], right[1]
    for group in {g for g, _ in a} & {g for g, _ in b}:
        if {kind for g, kind in a if g == group} != {kind for g, kind in b if g == group}:
            return True
    return left[2:] != right[2:]

"""Compare the phrases of metrics, each distinct one once: what does the same thing go by in other words?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from checker.vocabulary import any_of, words

# Phrases at least this alike (rapidfuzz ratio) mean the same, unless contrasting words part them.
ALIKE = 78
# ... and down to this, they may, if what stands beside them in both documents says so.
RELATED = 66
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
def _contrasts() -> tuple[re.Pattern[str], dict[str, tuple[int, ...]]]:
    sets = words("contrasts")["contrasts"]
    member: dict[str, list[int]] = {}
    for i, group in enumerate(sets):
        for word in group:
            member.setdefault(_PUNCTUATION.sub("", word).lower(), []).append(i)
    return re.compile(any_of(member)), {word: tuple(groups) for word, groups in member.items()}


@lru_cache(maxsize=500_000)
def contrast_words(phrase: str) -> frozenset[tuple[int, str]]:
    """The words of a phrase that belong to a set of contrasts, the longest first, each with its set."""
    pattern, member = _contrasts()
    return frozenset((group, m[0]) for m in pattern.finditer(phrase) for group in member[m[0]])


def contrasting(left: str, right: str) -> bool:
    """Whether words tell two phrases apart: others of a set of contrasts, a marker in one alone, other codes."""
    if left == right:
        return False
    a, b = contrast_words(left), contrast_words(right)
    for group in {g for g, _ in a} & {g for g, _ in b}:
        mine, theirs = {w for g, w in a if g == group}, {w for g, w in b if g == group}
        if not mine & theirs:
            return True
    return _codes(left) != _codes(right) or _marks(left) != _marks(right)


@lru_cache(maxsize=1)
def _markers() -> re.Pattern[str]:
    return re.compile(any_of(words("contrasts")["markers"]))


def _marks(phrase: str) -> set[str]:
    return set(_markers().findall(phrase))


def _codes(phrase: str) -> list[str]:
    return re.findall(r"[a-z0-9.]+", phrase)


def leaders(phrases: Sequence[str], batch: int = 512) -> dict[str, str]:
    """Each phrase to its leader; `phrases` come most frequent first, and each joins the nearest leader before it.

    Order decides: a phrase that joins none leads. Leaders never move, so that adding phrases changes no old answer.
    """
    from rapidfuzz import fuzz, process

    found: dict[str, str] = {}
    heads: list[str] = []
    for start in range(0, len(phrases), batch):
        part = list(phrases[start : start + batch])
        known = len(heads)
        near = (
            process.cdist(part, heads, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8, workers=-1)
            if heads
            else None
        )
        for i, phrase in enumerate(part):
            scores: dict[str, float] = {}
            if near is not None:
                scores = {heads[j]: float(near[i, j]) for j in np.nonzero(near[i])[0]}
            for head in heads[known:]:
                score = fuzz.ratio(phrase, head, score_cutoff=ALIKE)
                if score:
                    scores[head] = score
            joined = next(
                (h for h in sorted(scores, key=lambda h: (-scores[h], h)) if not contrasting(phrase, h)), None
            )
            if joined is None:
                heads.append(phrase)
            found[phrase] = joined or phrase
    return found


def related(left: str, right: str) -> float:
    """How much two phrases that are not alike may still mean the same: 0, or a weight up to 1."""
    from rapidfuzz import fuzz

    if contrasting(left, right):
        return 0.0
    short, long = sorted((core(left), core(right)), key=len)
    if short == long:
        return 1.0
    if len(short) >= 4 and long.endswith(short):
        return 1.2
    if len(short) >= 3 and long.endswith(short):
        return 0.9
    ratio = fuzz.ratio(left, right)
    return ratio / 100 if ratio >= RELATED else 0.0

"""What a stated difference is between, and what a running total was added to by, in the same text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from checker.extract.modality import TARGET
from checker.extract.parts import Parts, Relations
from checker.model import Claim

Spans = Sequence[tuple[int, int] | None]

_CLAUSE_BREAK = re.compile("[，,；;：:。！？\n]")
_CLAUSE = 24
# So many claims back the amount that goes by a name is looked for, and so many sentences.
_RECENT, _NEAR = 12, 1
# A name has so many characters at least.
_NAME = 2


def differences(text: str, claims: Sequence[Claim], spans: Spans, words: Parts, found: Relations) -> None:
    """For a difference that stands behind its two amounts, or behind one and the name of the other, both of them."""
    for i, claim in enumerate(claims):
        if claim.attribute != "change" or i < 1 or spans[i] is None:
            continue
        pair = (
            _beside(text, claims, spans, i, words)
            or _risen(text, claims, spans, i, words)
            or _by_name(text, claims, spans, i, words)
            or _growth_apart(text, claims, spans, i, words)
        )
        if pair:
            found.subject[i], found.part_of[i] = pair


def running_totals(text: str, claims: Sequence[Claim], spans: Spans, words: Parts, found: Relations) -> None:
    """For an amount since the beginning that of late behind which it stands: 新增放款25亿元，累计放款121亿元."""
    for i, claim in enumerate(claims):
        span, last = spans[i], spans[i - 1] if i else None
        if claim.modality == TARGET or claim.attribute != "level" or not span or not last:
            continue
        if not words.running.search(_clause(text, span[0])):
            continue
        added = claims[i - 1]
        if (
            (added.attribute, added.unit) == ("level", claim.unit)
            and claim.passage - added.passage <= _NEAR
            and not words.running.search(_clause(text, last[0]))
            and _of_one_thing(words.new.sub("", added.metric), words.new.sub("", claim.metric))
        ):
            found.subject[i] = i - 1


def _of_one_thing(one: str, other: str) -> bool:
    """Whether the characters of a name stand in the other, in their order (建5G基站, 建成5G基站)."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return len(short) >= _NAME and all(character in rest for character in short)


def _beside(text: str, claims: Sequence[Claim], spans: Spans, i: int, words: Parts) -> tuple[int, int] | None:
    """完成50亿元，比年初预算48亿元增加2亿元."""
    now, base = i - 2, i - 1
    first, last = spans[base], spans[i]
    if now < 0 or first is None or last is None or not _alike(claims, now, base, i):
        return None
    one, before = spans[now], spans[now - 1] if now else None
    if one and before and words.enumerates.match(text[before[1] : one[0]]):
        return None  # 5.0%、5.2%和5.4%，比平均值4.4%提高0.8个百分点
    between, clause = text[first[1] : last[0]], _clause(text, first[0])
    stated = words.differs.match(between) and words.compared_with.search(clause)
    return (now, base) if stated or (words.was.match(clause) and words.by.match(between)) else None


def _risen(text: str, claims: Sequence[Claim], spans: Spans, i: int, words: Parts) -> tuple[int, int] | None:
    """由年初的48亿元增加到年末的50亿元，增加2亿元."""
    then, now = i - 2, i - 1
    first, second, last = spans[then], spans[now], spans[i]
    if then < 0 or not first or not second or not last or not _alike(claims, now, then, i):
        return None
    stated = words.rises.match(text[first[1] : second[0]]) and words.by.match(text[second[1] : last[0]])
    return (now, then) if stated else None


def _by_name(text: str, claims: Sequence[Claim], spans: Spans, i: int, words: Parts) -> tuple[int, int] | None:
    """初步核算数为48亿元。经核实为50亿元，比初步核算数增加2亿元."""
    now, last = i - 1, spans[i]
    m = words.compared_by_name.match(_clause(text, last[0])) if last else None
    if not m:
        return None
    named = [k for k in range(max(0, i - _RECENT), now) if claims[k].metric.endswith(m["name"])]
    base = named[-1] if len(named) == 1 else None
    if base is None or not _alike(claims, now, base, i) or claims[now].metric.endswith(m["name"]):
        return None
    return now, base


def _growth_apart(text: str, claims: Sequence[Claim], spans: Spans, i: int, words: Parts) -> tuple[int, int] | None:
    """M2增长8.3%，M1增长4.6%，二者增速之差为3.7个百分点: the only two rates of growth in front, those that it names."""
    last, by = spans[i], claims[i]
    clause = _clause(text, last[0]) if last else ""
    gap, faster = words.gap.search(clause), words.faster.search(clause)
    m = gap or faster
    if not m or by.dimension != "point" or by.number_to is not None or by.qualifier != "exact":
        return None
    rates = [k for k in range(max(0, i - _RECENT), i) if _is_growth(claims[k], by)]
    here = [k for k in rates if claims[k].passage == by.passage]
    before = [k for k in rates if claims[k].passage == by.passage - 1]
    pair = here or before
    if len(pair) != 2 or claims[pair[0]].period_end != claims[pair[1]].period_end:
        return None
    if not (gap and gap["both"]):
        pair = [k for name in (m["one"], m["other"]) for k in pair if _goes_by(claims[k], name, words)]
    if len(set(pair)) != 2 or len(pair) != 2:
        return None
    one, other = pair
    slower = bool(faster and faster["slower"]) if not gap else claims[one].value < claims[other].value
    return (other, one) if slower and by.value > 0 else (one, other)


def _is_growth(claim: Claim, by: Claim) -> bool:
    """Whether a claim is an exact rate of growth."""
    exact = claim.number_to is None and claim.qualifier == "exact"
    return claim.attribute == "growth" and claim.dimension == "percent" and exact and claim.modality == by.modality


def _goes_by(claim: Claim, name: str, words: Parts) -> bool:
    """Whether two characters in a row of a name are of a claim's metric, or of another name for it."""
    names = (claim.metric, *words.metrics.names_of(claim.concept))
    return any(name[at : at + 2] in other for other in names for at in range(len(name) - 1))


def _alike(claims: Sequence[Claim], now: int, base: int, change: int) -> bool:
    """Whether two amounts and a difference are of one unit, in one sentence but for the second, which may be before."""
    one, other, by = claims[now], claims[base], claims[change]
    return (
        one.attribute == other.attribute
        and one.attribute in ("level", "rate", "share")
        and one.unit == other.unit
        and (one.unit == by.unit or (one.dimension, by.dimension) == ("percent", "point"))
        and one.passage == by.passage
        and by.passage - other.passage <= _NEAR
        and all(claim.number_to is None and claim.qualifier == "exact" for claim in (one, other, by))
    )


def _clause(text: str, at: int) -> str:
    return _CLAUSE_BREAK.split(text[max(0, at - _CLAUSE) : at])[-1].strip()

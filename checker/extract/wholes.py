"""Parts that make up a whole by their names (第一产业, 第二产业, 第三产业), and the whole that a share is taken of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from checker.extract.parts import Composition, Parts, Relations, alike
from checker.extract.readings import adds_up, but_for_a_slip, is_share, meant
from checker.model import Claim, Interval

Spans = Sequence[tuple[int, int] | None]

_SEMICOLON = re.compile("[；;]")
_SENTENCE = re.compile("[。！？；;\n]")
# So far before its shares a whole is said to consist of its parts.
_SAID = 90
_RATIO = ("：", ":", "∶")
_RECENT = 40
# Parts of one whole stand so many sentences from one another at most.
_NEAR = 3
# ... and so many from it, where it is named but not said to be theirs.
_BESIDE = 2
# The last characters of a name, which say what kind of thing it is.
_HEAD = 4
# ... and those without which it is of another kind.
_KIND = 2
_CLAUSE_ENDS = "，,。；;"
_ALL = Decimal(100)
_HUNDRED = Interval.point(_ALL)
# Shares that make up a hundred by their names alone are no further from it, or else of different wholes.
_OFF = Decimal(20)


# ---- wholes that consist of parts known by name


def compositions(text: str, claims: Sequence[Claim], spans: Spans, words: Parts, found: Relations) -> None:
    """Parts that together make up a whole, as the vocabulary says, wherever all of them stand near one another."""
    some = [
        i
        for i, claim in enumerate(claims)
        if spans[i] is not None and claim.attribute in ("level", "share") and words.part.search(claim.metric)
    ]
    for composition in words.compositions:
        groups: dict[tuple[object, ...], dict[str, int]] = {}
        for i in some:
            claim = claims[i]
            if not (m := composition.word.search(claim.metric)):
                continue
            thing = claim.metric[: m.start()] + claim.metric[m.end() :]
            if not _said_of(composition, claim, thing, words):
                continue
            about = (claim.attribute, thing, claim.unit, claim.whole, claim.level, claim.modality == "target")
            group = groups.setdefault((*about, claim.period_start, claim.period_end), {})
            if m[0] in group or (group and claim.passage - claims[next(iter(group.values()))].passage > _NEAR):
                group.clear()
            group[m[0]] = i
            if len(group) == composition.count:
                members = list(group.values())
                if any(i in found.listing for i in members):
                    pass
                elif claim.attribute == "share":
                    _hundred(claims, members, _is_ratio(text, spans, members), found)
                else:
                    name = composition.whole and thing + composition.whole
                    _make_up(text, claims, spans, members, thing, name, words, found)
                group.clear()


def structures(text: str, claims: Sequence[Claim], spans: Spans, words: Parts, found: Relations) -> None:
    """Shares listed as those of all parts of a whole: 由甲、乙、丙构成，占比分别为…; 结构中，甲占…，其他占…."""
    run: list[int] = []
    for i in range(len(claims) + 1):
        if i < len(claims) and run and _goes_on(text, claims, spans, run[-1], i, words):
            run.append(i)
            continue
        if len(run) > 1 and not any(k in found.listing for k in run) and _are_all(text, claims, spans, run, words):
            found.listing.update(dict.fromkeys(run, run[0]))
        run = [i] if i < len(claims) and spans[i] is not None and claims[i].attribute == "share" else []


def _goes_on(text: str, claims: Sequence[Claim], spans: Spans, last: int, i: int, words: Parts) -> bool:
    before, here = spans[last], spans[i]
    if before is None or here is None or claims[i].attribute != "share" or not _shares_with(claims[i], claims[last]):
        return False
    return bool(words.listed_share.match(text[before[1] : here[0]]))


def _are_all(text: str, claims: Sequence[Claim], spans: Spans, run: Sequence[int], words: Parts) -> bool:
    """Whether shares are those of all parts; of those that may be, more than a hundred would be too much."""
    start = spans[run[0]][0]  # type: ignore[index]
    before = _SENTENCE.split(text[max(0, start - _SAID) : start])[-1]
    total = sum((claims[k].value for k in run), Decimal(0))
    if abs(total - _ALL) > _OFF or not all(claims[k].qualifier == "exact" for k in run):
        return False
    if words.consists.search(before):
        return len({claims[k].metric for k in run}) == 1
    named = len({claims[k].metric for k in run}) == len(run)
    return (
        bool(words.structure.search(before))
        and named
        and (total > _ALL or bool(words.rest.match(claims[run[-1]].metric)))
    )


def tiers(claims: Sequence[Claim], spans: Spans, words: Parts, found: Relations) -> None:
    """The amount of a place's own tier and that of those below it, which are all of the whole in front of them.

    A third amount of the same thing in the sentence may be that of another tier, and then nobody can say.
    """
    amounts = [i for i, claim in enumerate(claims) if spans[i] is not None and claim.attribute == "level"]
    for at in range(len(amounts) - 2):
        whole, *parts = amounts[at : at + 3]
        named = tuple(claims[i].level for i in parts)
        behind = claims[amounts[at + 3]] if at + 3 < len(amounts) else None
        goes_on = behind and behind.level and behind.passage == claims[parts[-1]].passage
        if named in words.tiers and not goes_on and _divided(claims, whole, parts, found):
            found.make_up(parts, whole)


def _divided(claims: Sequence[Claim], whole: int, parts: Sequence[int], found: Relations) -> bool:
    """Whether these are amounts of one thing, at one time and in one unit, of the whole place and of its tiers."""
    one = claims[whole]
    same = ("concept", "unit", "place", "period_start", "period_end", "modality", "basis")
    alike = all(getattr(one, slot) == getattr(claims[i], slot) for i in parts for slot in same)
    near = claims[parts[-1]].passage - one.passage <= 1
    plain = all(claims[i].number_to is None and claims[i].qualifier == "exact" for i in (whole, *parts))
    return (
        alike
        and near
        and plain
        and bool(one.concept)
        and not one.level
        and not any(i in found.listing or found.part_of.get(i, whole) != whole for i in parts)
    )


def _said_of(composition: Composition, claim: Claim, thing: str, words: Parts) -> bool:
    """Whether the parts known by name are all there is of the thing that is left of a name without theirs."""
    if any(word in thing for word in composition.no_parts_of):
        return False
    return claim.attribute != "share" or not words.elsewhere.search(thing + (claim.whole or ""))


def _is_ratio(text: str, spans: Spans, members: list[int]) -> bool:
    """Whether figures are the terms of one ratio (9.5:41.2:49.3), which has no others."""
    ends = [span for i in members if (span := spans[i])]
    return all(text[one[1] : other[0]] in _RATIO for one, other in pairwise(ends))


def _hundred(claims: Sequence[Claim], members: list[int], alone: bool, found: Relations) -> None:
    """Note shares of all parts of one whole: these, or these and those beside them, as their figures bear out.

    `alone` says that there are no others.
    """
    beside = range(max(0, members[0] - _RECENT), min(len(claims), members[-1] + _RECENT))
    shares = [i for i in beside if _shares_with(claims[i], claims[members[0]])]
    near = [i for i in beside if _is_beside(claims[i], claims[members[0]])]
    for parts in (members, shares, near):
        if adds_up(claims, parts, _HUNDRED):
            break
    else:
        parts = members
        total = sum((claims[i].value for i in members), Decimal(0))
        alone = alone or (set(shares) <= set(members) and set(near) <= set(members))
        if not (alone and abs(total - _ALL) <= _OFF) and not but_for_a_slip(claims, members, _ALL):
            return
    found.listing.update(dict.fromkeys(parts, parts[0]))


def _shares_with(share: Claim, other: Claim) -> bool:
    same = ("attribute", "passage", "unit", "whole", "period_end", "modality")
    return all(getattr(share, name) == getattr(other, name) for name in same)


def _is_beside(share: Claim, other: Claim) -> bool:
    """Whether two shares may be of one whole, though not in one sentence nor of one year (上年结转占36%)."""
    same = ("attribute", "unit", "whole", "modality")
    return abs(share.passage - other.passage) <= _NEAR and all(getattr(share, s) == getattr(other, s) for s in same)


def _make_up(
    text: str,
    claims: Sequence[Claim],
    spans: Spans,
    members: list[int],
    thing: str,
    name: str | None,
    words: Parts,
    found: Relations,
) -> None:
    """Note amounts as the parts of a whole, which the text names; where it is not said to be theirs, figures decide."""
    said = {known for i in members if (known := found.whole(i)) is not None}
    told = len(said) == 1 and all(found.part_of.get(i) in said for i in members)
    called = name or (thing if len(thing) > _HEAD else "")
    named = _named(claims, members[0], called, words) if called else None
    whole = said.pop() if len(said) == 1 else None
    if not said and called:
        nearer = _of_someone(claims, members[0], name, words) if name else None
        whole = max((i for i in (named, nearer) if i is not None), default=None)
    if whole is None or whole in members or thing not in claims[whole].metric:
        return
    # The names may be those of some of the parts only, or the whole be another one than that named last.
    beside = range(max(0, members[0] - _RECENT), min(len(claims), members[-1] + _RECENT))
    listed = [i for i in beside if found.whole(i) == whole and claims[i].unit == claims[whole].unit]
    others = any(found.part_of.get(i) == whole and i not in members and i not in found.listing for i in listed)
    before = range(members[0] - 1, max(-1, members[0] - _RECENT), -1)
    kind = called[-_KIND:]
    further = [k for k in before if claims[k].metric.endswith(kind) and alike(claims[members[0]], claims[k], words)]
    more = [(listed, whole)] if set(members) <= set(listed) else []
    for parts, of in [(members, whole), *more, *((members, k) for k in further)]:
        if adds_up(claims, parts, claims[of].interval):
            found.make_up(parts, of)
            return
    near = whole == named and _follows(text, claims, spans, whole, members[0])
    if meant(claims, [members], whole, closed=(told or near) and not others):
        found.make_up(members, whole)
        return
    next_to = next((k for k in further if _follows(text, claims, spans, k, members[0])), None)
    if next_to is not None and but_for_a_slip(claims, members, claims[next_to].value, next_to):
        found.make_up(members, next_to)


def _follows(text: str, claims: Sequence[Claim], spans: Spans, whole: int, part: int) -> bool:
    """Whether a part stands next to a whole, and no other whole like it (限额以上零售总额) is named between them."""
    first, last = spans[whole], spans[part]
    if first is None or last is None or claims[part].passage - claims[whole].passage > _BESIDE:
        return False
    between = text[first[1] : last[0]]
    clause = max(between.rfind(stop) for stop in _CLAUSE_ENDS)
    return claims[whole].metric[-_HEAD:] not in between[: max(0, clause)]


def _named(claims: Sequence[Claim], part: int, name: str, words: Parts) -> int | None:
    """The nearest amount before a part that goes by this name and that it can be part of."""
    concept = words.metrics.concept_of(name)
    for i in range(part - 1, max(-1, part - _RECENT), -1):
        whole = claims[i]
        if whole.attribute != "level" or whole.level != claims[part].level or not alike(claims[part], whole, words):
            continue
        if whole.metric == name or (concept and whole.concept == concept):
            return i
    return None


def _of_someone(claims: Sequence[Claim], part: int, name: str, words: Parts) -> int | None:
    """The nearest amount before a part whose name ends so (农村居民人均可支配收入), where no other is as near."""
    for i in range(part - 1, max(-1, part - _RECENT), -1):
        whole = claims[i]
        if claims[part].passage - whole.passage > _BESIDE:
            return None
        if whole.attribute == "level" and whole.metric.endswith(name) and alike(claims[part], whole, words):
            return i
    return None


# ---- shares


def shares(text: str, claims: Sequence[Claim], spans: Spans, words: Parts, found: Relations) -> None:
    """For a share the amount it is said of and the whole; for a rate of fulfilment the outcome and the plan."""
    stated_of: dict[int, int] = {}  # of an amount, the share last stated
    proven: dict[str, int] = {}  # by its name, the whole of which the last share was one
    for i, claim in enumerate(claims):
        span = spans[i]
        fulfils = claim.attribute == "rate" and bool(claim.whole)
        if span is None or claim.unit != "%" or not (fulfils or claim.attribute == "share"):
            continue
        subject = _subject(claims, i)
        if subject is None or claims[subject].period_end != claim.period_end:
            continue
        if i - 1 != subject and claims[i - 1].metric == claim.metric:
            continue  # 占比分别为71.1%和28.9% of what nobody told apart
        if fulfils and words.difference.search(claims[subject].metric):
            continue
        found.subject[i] = subject
        before = spans[i - 1]
        follows = before is not None and i - 1 != subject and bool(words.share_follows.match(text, before[1]))
        stated = follows and before is not None and len(text[before[1] : span[0]].strip()) == 1
        if fulfils or (stated and claim.whole == claims[i - 1].metric):
            whole = i - 1 if stated and claims[i - 1].unit == claims[subject].unit else None
        elif claim.whole:
            whole = _taken_of_named(text, claims, spans, i, subject, claim.whole, words)
            if whole is not None and is_share(claim, claims[subject], claims[whole]):
                proven[claim.whole] = whole
            elif whole is None and claim.whole in proven and alike(claims[subject], claims[proven[claim.whole]], words):
                whole = proven[claim.whole]
        else:
            whole = _taken_of(claims, found, stated_of, i, subject)
            stated_of[subject] = i
        if whole is not None and whole != subject and claims[whole].period_end == claims[subject].period_end:
            found.part_of[i] = whole


def _taken_of(
    claims: Sequence[Claim], found: Relations, stated_of: dict[int, int], share: int, subject: int
) -> int | None:
    """The whole a share is taken of where it is not named: that of its amount, or that of which this is part."""
    nearest = whole = found.whole(subject)
    for _ in range(_NEAR):
        if whole is None or is_share(claims[share], claims[subject], claims[whole]):
            break
        further = found.whole(whole)
        of_whole = claims[stated_of[whole]] if further is None and whole in stated_of else None
        if of_whole and is_share(claims[share], claims[subject], claims[whole], of_whole):
            return None
        whole = further
    return nearest if whole is None else whole


def _taken_of_named(
    text: str, claims: Sequence[Claim], spans: Spans, share: int, subject: int, name: str, words: Parts
) -> int | None:
    """The whole a share is taken of by its name: of several, one that it is a share of; else one that stands near."""
    nearest = _named(claims, subject, name, words)
    nearest = _of_someone(claims, subject, name, words) if nearest is None and len(name) > 2 else nearest
    for i in range(subject - 1, max(-1, subject - _RECENT), -1):
        by_name = claims[i].attribute == "level" and name in claims[i].metric
        if by_name and alike(claims[subject], claims[i], words) and is_share(claims[share], claims[subject], claims[i]):
            return i
    if nearest is None:
        return None
    if _is_of_one(claims[subject], claims[nearest], words.metrics.concept_of(name)):
        return nearest
    if claims[subject].passage - claims[nearest].passage > _BESIDE:
        return None
    first, last = spans[nearest], spans[subject]
    apart = first is not None and last is not None and bool(_SEMICOLON.search(text, first[1], last[0]))
    return None if apart and not words.metrics.concept_of(name) else nearest


def _is_of_one(part: Claim, whole: Claim, concept: str | None) -> bool:
    """Whether a known whole is that of the place and time of its part, wherever it stands."""
    same = ("place", "scope", "period_start", "period_end", "modality")
    known = part.place is not None and whole.concept is not None and whole.concept == concept
    return known and all(getattr(part, s) == getattr(whole, s) for s in same)


def _subject(claims: Sequence[Claim], share: int) -> int | None:
    """The amount last stated in the sentence of a share, whose name the share begins with."""
    name = claims[share].metric
    for i in range(share - 1, -1, -1):
        if claims[i].passage != claims[share].passage:
            return None
        if claims[i].attribute == "level" and len(claims[i].metric) > 1 and name.startswith(claims[i].metric):
            return i
    return None

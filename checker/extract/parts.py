"""Which figure is part of which: what 其中 and brackets list, what a 合计 adds up, and whose share a share is.

Amounts are related only where the text says so: within a paragraph, or by a 其中 that opens the next sentence. A sum
that cannot be followed to its end (加上 without an amount, 扣除) relates nothing. Where words leave open which amounts
are meant, the figures decide (see readings.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from checker.extract.readings import adds_up, is_share, that_adds_up
from checker.metrics import concept_of
from checker.model import Claim, Interval
from checker.vocabulary import any_of, words

_EDGE = "，,、：: \n"
_COMMA = re.compile("[，,]")
_DIGIT = re.compile(r"\d")
# Between the word for a total and its amount.
_REACHES = "(?:数|额)?(?:完成|实现)?(?:为|是|达到|达|约)?$"
_NUMERALS = "一二三四五六七八九"
_CLAUSE_BREAK = re.compile("[，,；;：:。！？\n]")
# The longest clause that says no more than that a total follows.
_CLAUSE = 20
# So many amounts back the whole of a part is looked for.
_RECENT = 40
_HUNDRED = Interval.point(Decimal(100))
# Parts of one whole stand so many sentences from one another at most.
_NEAR = 3


@dataclass(frozen=True)
class _Words:
    event: re.Pattern[str]
    added: re.Pattern[str]
    in_brackets: re.Pattern[str]
    not_parts: re.Pattern[str]
    stated_total: re.Pattern[str]
    bare_total: re.Pattern[str]
    any_total: re.Pattern[str]
    left_over: re.Pattern[str]
    carried: re.Pattern[str]
    mean: re.Pattern[str]
    elsewhere: re.Pattern[str]
    difference: re.Pattern[str]
    part: re.Pattern[str]
    apart: tuple[re.Pattern[str], ...]
    means_in: frozenset[str]
    counters: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    w = words("parts")
    added = rf"(?:(?<!\w)|(?<=[元%])|(?<=收入)|(?<=支出))再?加(?:上(?!解))?(?!{any_of(w['not_added'])})"
    return _Words(
        event=re.compile(
            r"(?P<line>\n)|(?P<stop>[。！？])|(?P<semicolon>[；;])|(?P<opening>[（(])|(?P<closing>[）)])"
            rf"|(?P<among>(?<!\w){any_of(w['among'])})|(?P<added>{added})|(?P<subtracted>{any_of(w['subtracted'])})"
            rf"|(?P<balanced>{any_of(w['balanced'])})|(?P<even>{any_of(w['even'])})"
        ),
        added=re.compile(rf"\s*{added}"),
        in_brackets=re.compile(any_of(w["in_brackets"])),
        not_parts=re.compile(any_of(w["not_parts"])),
        stated_total=re.compile(any_of(w["totals"]) + _REACHES),
        bare_total=re.compile(
            rf"(?:{any_of(w['total_of'])}|(?P<count>[两{_NUMERALS}]){any_of(w['counted'])})*"
            rf"{any_of(w['totals'])}{_REACHES}"
        ),
        any_total=re.compile(any_of([*w["totals"], *w["added_totals"]]) + _REACHES),
        left_over=re.compile(any_of(w["left_over"])),
        carried=re.compile(any_of(w["carried"])),
        mean=re.compile(any_of(w["means"])),
        elsewhere=re.compile(any_of(w["elsewhere"])),
        difference=re.compile(any_of(w["differences"])),
        part=re.compile(any_of(part for composition in w["compositions"] for part in composition["parts"])),
        apart=tuple(re.compile(any_of(kinds)) for kinds in w["apart"]),
        means_in=frozenset(w["means_in"]),
        counters=frozenset(w["counters"]),
    )


@dataclass(slots=True)
class _List:
    """Amounts listed behind 其中 or in a bracket: of which of `wholes`, which are in it, and the last of them.

    In a `loose` list nobody can say whether an amount still belongs to it.
    """

    wholes: tuple[int, ...] = ()
    members: list[int] = field(default_factory=list)
    bracket: bool = False
    told: bool = True
    loose: bool = False
    colon: bool = False
    last: int | None = None


@dataclass(slots=True)
class _Relations:
    """By the number of a claim: that of the whole it is part of, of the first of its listing, of its subject."""

    part_of: dict[int, int] = field(default_factory=dict)
    listing: dict[int, int] = field(default_factory=dict)
    subject: dict[int, int] = field(default_factory=dict)
    maybe: dict[int, int] = field(default_factory=dict)

    def whole(self, part: int) -> int | None:
        """What an amount is, or may be, part of."""
        return self.part_of.get(part, self.maybe.get(part))


def relate(text: str, claims: Sequence[Claim], spans: Sequence[tuple[int, int] | None]) -> list[Claim]:
    """The claims of a document with part_of, listing and subject; spans are their places in the flat text.

    A claim of a table has no span and is related to nothing.
    """
    found = _Relations()
    _Walk(text, claims, spans, found).run()
    _compositions(claims, spans, found)
    _shares(text, claims, spans, found)
    return [
        replace(
            claim,
            part_of=claims[found.part_of[i]].id if i in found.part_of else None,
            listing=claims[found.listing[i]].id if i in found.listing else None,
            subject=claims[found.subject[i]].id if i in found.subject else None,
        )
        if i in found.part_of or i in found.listing or i in found.subject
        else claim
        for i, claim in enumerate(claims)
    ]


class _Walk:
    """A walk over the amounts of a text in order: the lists that are open, and the terms that a total would add up."""

    def __init__(
        self, text: str, claims: Sequence[Claim], spans: Sequence[tuple[int, int] | None], found: _Relations
    ) -> None:
        self.text, self.claims, self.spans, self.found = text, claims, spans, found
        self.sentence: list[int] = []
        self._paragraph()

    def _paragraph(self) -> None:
        self.before = self.sentence  # a 其中 that opens a paragraph speaks of the one before
        self.sentence = []
        self.lists = [_List()]
        self.heads: list[int] = []  # what 加上 adds to
        self.terms: list[int] = []
        self.totals: list[int] = []
        self.amounts: list[int] = []
        self.left_over: list[int] = []
        self.adding = self.lost = self.balanced = self.even = self.taken_off = False

    def run(self) -> None:
        end = 0
        for i, (claim, span) in enumerate(zip(self.claims, self.spans, strict=True)):
            if span is None:
                continue
            at = self._events(end, span[0])
            if claim.attribute == "level":
                self._amount(i, self.text[at : span[0]].strip(_EDGE))
            self.taken_off = False
            end = span[1]
        self._events(end, len(self.text))
        self._end_sentence()

    def _events(self, end: int, start: int) -> int:
        """Take note of what stands between two figures; where the last of it ends."""
        at = end
        for m in _words().event.finditer(self.text, end, start):
            getattr(self, f"_{m.lastgroup}")(m, end)
            at = m.end()
        return at

    # ---- what stands between two figures

    def _line(self, m: re.Match[str], end: int) -> None:
        self._end_sentence()
        self._paragraph()

    def _stop(self, m: re.Match[str], end: int) -> None:
        self._end_sentence()
        self.before, self.sentence = self.sentence or self.before, []
        self.lists = [_List()]
        if not self.adding and not _words().added.match(self.text, m.end()):
            self.terms, self.lost = [], False

    def _semicolon(self, m: re.Match[str], end: int) -> None:
        top = self.lists[-1]
        if len(self.lists) > 2 and not top.bracket and not self.lists[-2].bracket:
            self.lists.pop()
        elif len(self.lists) > 1 and not top.bracket and not top.colon:
            top.loose = True

    def _opening(self, m: re.Match[str], end: int) -> None:
        near = self.text[m.end() : m.end() + 30].split("）")[0]
        told = bool(_words().in_brackets.match(near))
        last = self.lists[-1].last
        follows = last is not None and self.spans[last] is not None and not self.text[end : m.start()].strip()
        fits = follows and (told or not _words().not_parts.search(near))
        self.lists.append(_List((last,) if fits and last is not None else (), bracket=True, told=told))

    def _closing(self, m: re.Match[str], end: int) -> None:
        if any(one.bracket for one in self.lists):
            while not self._close(self.lists.pop()):
                pass

    def _among(self, m: re.Match[str], end: int) -> None:
        top = self.lists[-1]
        if top.bracket and not top.members:
            return  # （其中 A, B）: the bracket is the list
        if top.last is None and len(self.lists) == 1 and not self.sentence:
            wholes = tuple(self.before[-_RECENT:])
        else:
            if len(self.lists) > 1 and not top.bracket and top.last is None:
                return  # 其中，…包括…
            wholes = (top.last,) if top.last is not None else ()
        colon = self.text[m.end() : m.end() + 1] in ("：", ":")
        self.lists.append(_List(wholes, colon=colon))

    def _added(self, m: re.Match[str], end: int) -> None:
        self.lists = [one for one in self.lists if one.bracket] if self.lists[-1].bracket else self.lists[:1]
        if self.lists[-1].bracket or self.adding:
            return
        self.adding = True
        named = re.split("[，。；,;]", self.text[end : m.start()])[-1].strip(_EDGE)
        if named:
            self.heads = [i for i in self.amounts[-_RECENT:] if self.claims[i].metric.startswith(named)][-1:]
        else:
            self.heads = self.terms or self.before
        self.terms = []
        self.lost = self.lost or not self.heads

    def _subtracted(self, m: re.Match[str], end: int) -> None:
        self.taken_off = True

    def _balanced(self, m: re.Match[str], end: int) -> None:
        self.balanced = True

    def _even(self, m: re.Match[str], end: int) -> None:
        self.balanced = self.even = True

    # ---- an amount

    def _amount(self, i: int, words_before: str) -> None:
        self.amounts.append(i)
        if len(self.lists) > 1:
            top = self.lists[-1]
            if top.members and not (top.colon or top.bracket or self._enumerates(i)):
                top.loose = True
            top.last = i
            top.members.append(i)
            whole = self._whole(i, top.wholes)
            if whole is not None and not _DIGIT.search(words_before):
                (self.found.maybe if top.loose or not top.told else self.found.part_of)[i] = whole
            return
        self.lists[0].last = i
        self.sentence.append(i)
        if self.balanced and _words().left_over.search(words_before + self.claims[i].metric):
            self.left_over.append(i)
        if _words().any_total.search(words_before) if self.adding else _words().stated_total.search(words_before):
            self._total(i)
        elif (self.adding or self.taken_off) and not self.lost and _COMMA.search(words_before):
            self.terms, self.adding = [i], False  # 加上结算资金，可用财力296.2亿元: what was added is not said
        else:
            self.lost = self.lost or self.taken_off
            self.terms.append(i)

    def _total(self, i: int) -> None:
        """Note what a total adds up, if it is that of the amounts before it."""
        unit = self.claims[i].unit
        terms = [k for k in self.terms if self.claims[k].unit == unit]
        if self.adding:
            heads = [k for k in self.heads if self.claims[k].unit == unit]
            last = heads[1:][-_RECENT:]
            readings = [[*some, *terms] for some in (heads[:1], heads, *([k] for k in reversed(last))) if some]
            plain = terms == self.terms
        elif m := _words().bare_total.match(self._clause(i)):
            count = m["count"]  # 三项合计
            few = terms[-_RECENT:]
            many = _number(count) if count else 0
            readings = [terms[-many:]] if many else [terms, *(few[k:] for k in range(1, len(few) - 1))]
            plain = len(terms) >= max(many, 2) and len({_printed_unit(self.claims[k]) for k in (*terms, i)}) == 1
        else:
            readings, plain = [], False
        if readings and plain and not self.lost and not any(k in self.found.listing for k in readings[0]):
            some = readings if len(terms) <= _RECENT else readings[:1]
            self._makes_up(that_adds_up(self.claims, some, i) or readings[0], i)
        self.heads, self.terms, self.adding, self.lost = [], [], False, False
        self.totals.append(i)

    def _clause(self, i: int) -> str:
        """The words of the clause before an amount, back to the comma."""
        first = self.spans[i][0]  # type: ignore[index]
        return _CLAUSE_BREAK.split(self.text[max(0, first - _CLAUSE) : first])[-1].strip()

    def _makes_up(self, parts: Sequence[int], whole: int) -> None:
        for k in parts if len(parts) > 1 else ():
            self.found.part_of[k], self.found.listing[k] = whole, parts[0]

    def _enumerates(self, i: int) -> bool:
        """Whether nothing but 、 leads from the words of the figure before to those of this one."""
        before, span = self.spans[i - 1], self.spans[i]
        return bool(before and span and re.match("[、和及与]", self.text[before[1] : span[0]]))

    def _whole(self, i: int, wholes: Sequence[int]) -> int | None:
        """The one of these amounts that this may be part of; a mean has no parts."""
        if _is_mean(self.claims[i]):
            return None
        fitting = [k for k in wholes if _alike(self.claims[i], self.claims[k])]
        whole = fitting[0] if len(fitting) == 1 else None
        if whole is None:
            return None
        claim = self.claims[whole]
        return None if len(claim.metric) < 2 or claim.number_to or _is_mean(claim) else whole

    def _close(self, one: _List) -> bool:
        """Take a list as read; whether it was a bracket, whose amounts may be parts though it says no 其中."""
        whole = one.wholes[0] if one.wholes else None
        if one.bracket and not one.told and whole is not None and len(one.members) > 1:
            alike = all(self.found.maybe.get(i) == whole for i in one.members)
            if alike and adds_up(self.claims, one.members, self.claims[whole].interval):
                self._makes_up(one.members, whole)
        return one.bracket

    def _end_sentence(self) -> None:
        for one in self.lists:
            self._close(one)
        if self.balanced:
            self._balance()

    def _balance(self) -> None:
        """收支相抵: the total of income is that of spending and what is left over."""
        left_over, even = self.left_over, self.even
        self.left_over, self.balanced, self.even = [], False, False
        totals = self.totals[-_RECENT:]
        income, spending = ([i for i in totals if word in self.claims[i].metric] for word in ("收入", "支出"))
        if not income or not spending:
            return
        whole, spent = income[-1], spending[-1]
        if any(self.claims[i].unit != self.claims[whole].unit for i in (spent, *left_over)):
            return
        if not left_over:
            if even and self.amounts[-1] == spent:
                self.found.part_of[spent], self.found.listing[spent] = whole, spent
            return
        readings = [[spent, left_over[0]], [spent, *left_over]]
        carried = _words().carried.search(self.claims[left_over[0]].metric) and not self._carries(whole)
        if parts := that_adds_up(self.claims, readings, whole) or (None if carried else readings[0]):
            self._makes_up(parts, whole)

    def _carries(self, total: int) -> bool:
        """Whether a total of income holds what was left over before, so that 滚存结余 is what is left of it."""
        terms = (i for i in self.amounts[-_RECENT:] if self.found.part_of.get(i) == total)
        return any(_words().left_over.search(self.claims[i].metric) for i in terms)


def _printed_unit(claim: Claim) -> str:
    return claim.text.removeprefix(claim.number).strip()


def _number(numeral: str) -> int:
    return 2 if numeral == "两" else _NUMERALS.index(numeral) + 1


def _alike(part: Claim, whole: Claim) -> bool:
    """Whether an amount can be part of another: of its unit, kind and year, planned or not as it is."""
    return (
        part.unit == whole.unit
        and (part.period_end or "")[:4] == (whole.period_end or "")[:4]
        and (part.modality == "target") == (whole.modality == "target")
        and not any(_apart(part, whole, kinds) for kinds in _words().apart)
        and not (part.unit in _words().counters and not set(part.metric) & set(whole.metric))
    )


def _is_mean(claim: Claim) -> bool:
    """Whether a figure is no sum, so that what is listed under it may be larger."""
    return "/" in claim.unit or claim.unit in _words().means_in or bool(_words().mean.search(claim.metric))


def _apart(part: Claim, whole: Claim, kinds: re.Pattern[str]) -> bool:
    """Whether two amounts are of different kinds: the last word of either name that tells which."""
    one, other = (kinds.findall(claim.metric)[-1:] for claim in (part, whole))
    return bool(one and other and one != other)


# ---- wholes that consist of parts known by name


def _compositions(claims: Sequence[Claim], spans: Sequence[tuple[int, int] | None], found: _Relations) -> None:
    """Parts that together make up a whole, as the vocabulary says, wherever all of them stand near one another."""
    named = _words().part
    some = [
        i
        for i, claim in enumerate(claims)
        if spans[i] is not None and claim.attribute in ("level", "share") and named.search(claim.metric)
    ]
    for composition in words("parts")["compositions"]:
        parts = composition["parts"]
        groups: dict[tuple[object, ...], dict[str, int]] = {}
        word = re.compile(any_of(parts))
        for i in some:
            claim = claims[i]
            if not (m := word.search(claim.metric)):
                continue
            thing = claim.metric[: m.start()] + claim.metric[m.end() :]
            if any(word in thing for word in composition.get("not", ())) or (
                claim.attribute == "share" and _words().elsewhere.search(thing + (claim.whole or ""))
            ):
                continue
            about = (claim.attribute, thing, claim.unit, claim.whole, claim.level, claim.modality == "target")
            group = groups.setdefault((*about, claim.period_start, claim.period_end), {})
            if m[0] in group or (group and claim.passage - claims[next(iter(group.values()))].passage > _NEAR):
                group.clear()
            group[m[0]] = i
            if len(group) == len(parts):
                _make_up(claims, list(group.values()), thing, None if thing else composition.get("whole"), found)
                group.clear()


def _make_up(claims: Sequence[Claim], members: list[int], thing: str, name: str | None, found: _Relations) -> None:
    """Note the parts of a whole as one listing; amounts need a whole to be compared with, shares make 100 %."""
    if any(i in found.listing for i in members):
        return
    beside = range(max(0, members[0] - _RECENT), min(len(claims), members[-1] + _RECENT))
    if claims[members[0]].attribute == "share":
        shares = [i for i in beside if _shares_with(claims[i], claims[members[0]])]
        parts = next((p for p in (members, shares) if adds_up(claims, p, _HUNDRED)), members)
        found.listing.update(dict.fromkeys(parts, parts[0]))
        return
    wholes = {known for i in members if (known := found.whole(i)) is not None}
    whole = wholes.pop() if len(wholes) == 1 else _named(claims, members[0], name) if name and not wholes else None
    if whole is None or whole in members or thing not in claims[whole].metric:
        return
    # The names may be those of some of the parts only, or the whole be another one than that named last.
    listed = [i for i in beside if found.whole(i) == whole and claims[i].unit == claims[whole].unit]
    before = range(members[0] - 1, max(-1, members[0] - _RECENT), -1)
    others = [(members, k) for k in before if _alike(claims[members[0]], claims[k])]
    for parts, of in [(members, whole), (listed, whole), *others]:
        if adds_up(claims, parts, claims[of].interval):
            break
    else:
        parts, of = members, whole
    found.part_of.update(dict.fromkeys(parts, of))
    found.listing.update(dict.fromkeys(parts, parts[0]))


def _shares_with(share: Claim, other: Claim) -> bool:
    same = ("attribute", "passage", "unit", "whole", "period_end", "modality")
    return all(getattr(share, name) == getattr(other, name) for name in same)


def _named(claims: Sequence[Claim], part: int, name: str) -> int | None:
    """The nearest amount before a part that goes by this name and that it can be part of."""
    concept = concept_of(name)
    for i in range(part - 1, max(-1, part - _RECENT), -1):
        whole = claims[i]
        if whole.attribute != "level" or whole.level != claims[part].level or not _alike(claims[part], whole):
            continue
        if whole.metric == name or (concept and whole.concept == concept):
            return i
    return None


# ---- shares


def _shares(text: str, claims: Sequence[Claim], spans: Sequence[tuple[int, int] | None], found: _Relations) -> None:
    """For a share the amount it is said of and the whole; for a rate of fulfilment the outcome and the plan."""
    shares: dict[int, int] = {}  # of an amount, the share last stated
    for i, claim in enumerate(claims):
        span = spans[i]
        fulfils = claim.attribute == "rate" and claim.whole
        if span is None or claim.unit != "%" or not (fulfils or claim.attribute == "share"):
            continue
        subject = _subject(claims, i)
        if subject is None or claims[subject].period_end != claim.period_end:
            continue
        if i - 1 != subject and claims[i - 1].metric == claim.metric:
            continue  # 占比分别为71.1%和28.9% of what nobody told apart
        if fulfils and _words().difference.search(claims[subject].metric):
            continue
        found.subject[i] = subject
        before = spans[i - 1]
        stated = before is not None and i - 1 != subject and text[before[1] : span[0]].strip() == "的"
        if fulfils or (stated and claim.whole == claims[i - 1].metric):
            whole = i - 1 if stated and claims[i - 1].unit == claims[subject].unit else None
        elif claim.whole:
            whole = _named(claims, subject, claim.whole)
        else:
            whole = _taken_of(claims, found, shares, i, subject)
            shares[subject] = i
        if whole is not None and whole != subject and claims[whole].period_end == claims[subject].period_end:
            found.part_of[i] = whole


def _taken_of(
    claims: Sequence[Claim], found: _Relations, shares: dict[int, int], share: int, subject: int
) -> int | None:
    """The whole a share is taken of where it is not named: that of its amount, or that of which this is part."""
    nearest = whole = found.whole(subject)
    for _ in range(_NEAR):
        if whole is None or is_share(claims[share], claims[subject], claims[whole]):
            break
        further = found.whole(whole)
        of_whole = claims[shares[whole]] if further is None and whole in shares else None
        if of_whole and is_share(claims[share], claims[subject], claims[whole], of_whole):
            return None
        whole = further
    return nearest if whole is None else whole


def _subject(claims: Sequence[Claim], share: int) -> int | None:
    """The amount last stated in the sentence of a share, whose name the share begins with."""
    name = claims[share].metric
    for i in range(share - 1, -1, -1):
        if claims[i].passage != claims[share].passage:
            return None
        if claims[i].attribute == "level" and len(claims[i].metric) > 1 and name.startswith(claims[i].metric):
            return i
    return None

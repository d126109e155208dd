"""Which figure is part of which: what 其中 and brackets list, what a 合计 adds up, and whose share a share is.

Amounts are related only where the text says so: within a paragraph, or by a 其中 that opens the next sentence. A sum
that cannot be followed to its end (加上 without an amount, 扣除) relates nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from checker.extract.names import concept_of
from checker.model import Claim
from checker.vocabulary import any_of, words

_EDGE = "，,、：: \n"
_COMMA = re.compile("[，,]")
_DIGIT = re.compile(r"\d")
# Between the word for a total and its amount.
_REACHES = "(?:数|额)?(?:完成|实现)?(?:为|是|达到|达|约)?$"
# A total of what no 加上 introduced is hardly more than the word for it (支出合计), or it is of something else.
_BARE_TOTAL = 8
# So many amounts back the whole of a part is looked for.
_RECENT = 40
# Parts of one whole stand so many sentences from one another at most.
_NEAR = 3


@dataclass(frozen=True)
class _Words:
    event: re.Pattern[str]
    added: re.Pattern[str]
    in_brackets: re.Pattern[str]
    not_parts: re.Pattern[str]
    total: re.Pattern[str]
    any_total: re.Pattern[str]
    left_over: re.Pattern[str]
    mean: re.Pattern[str]
    part: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    w = words("parts")
    added = rf"(?:(?<!\w)|(?<=[元%])|(?<=收入)|(?<=支出))再?加(?:上(?!解))?(?!{any_of(w['not_added'])})"
    return _Words(
        event=re.compile(
            r"(?P<line>\n)|(?P<stop>[。！？])|(?P<semicolon>[；;])|(?P<opening>[（(])|(?P<closing>[）)])"
            rf"|(?P<among>(?<!\w){any_of(w['among'])})|(?P<added>{added})|(?P<subtracted>{any_of(w['subtracted'])})"
            rf"|(?P<balanced>{any_of(w['balanced'])})"
        ),
        added=re.compile(rf"\s*{added}"),
        in_brackets=re.compile(any_of(w["in_brackets"])),
        not_parts=re.compile(any_of(w["not_parts"])),
        total=re.compile(any_of(w["totals"]) + _REACHES),
        any_total=re.compile(any_of([*w["totals"], *w["added_totals"]]) + _REACHES),
        left_over=re.compile(any_of(w["left_over"])),
        mean=re.compile(any_of(w["means"])),
        part=re.compile(any_of(part for composition in w["compositions"] for part in composition["parts"])),
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
        self.terms: list[int] = []
        self.totals: list[int] = []
        self.amounts: list[int] = []
        self.adding = self.lost = self.balanced = self.taken_off = False

    def run(self) -> None:
        end = 0
        for i, (claim, span) in enumerate(zip(self.claims, self.spans, strict=True)):
            if span is None:
                continue
            at = end
            for m in _words().event.finditer(self.text, end, span[0]):
                getattr(self, f"_{m.lastgroup}")(m, end)
                at = m.end()
            if claim.attribute == "level":
                self._amount(i, self.text[at : span[0]].strip(_EDGE))
            self.taken_off = False
            end = span[1]

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
            wholes = tuple(self.before)
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
            self.terms = [i for i in self.amounts[-_RECENT:] if self.claims[i].metric.startswith(named)][-1:]
        else:
            self.terms = (self.terms or self.before)[:1]
        self.lost = self.lost or not self.terms

    def _subtracted(self, m: re.Match[str], end: int) -> None:
        self.taken_off = True

    def _balanced(self, m: re.Match[str], end: int) -> None:
        self.balanced = True

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
        if self.balanced and _words().left_over.search(words_before):
            self._balance([i])
        if (_words().any_total if self.adding else _words().total).search(words_before):
            self._total(i, words_before)
        elif (self.adding or self.taken_off) and not self.lost and _COMMA.search(words_before):
            self.terms, self.adding = [i], False  # 加上结算资金，可用财力296.2亿元: what was added is not said
        else:
            self.lost = self.lost or self.taken_off
            self.terms.append(i)

    def _total(self, i: int, words_before: str) -> None:
        terms = [k for k in self.terms if self.claims[k].unit == self.claims[i].unit]
        plain = len(terms) == len(self.terms) if self.adding else len(words_before) <= _BARE_TOTAL
        if len(terms) > 1 and plain and not self.lost and not any(k in self.found.listing for k in terms):
            for k in terms:
                self.found.part_of[k], self.found.listing[k] = i, terms[0]
        self.terms, self.adding, self.lost = [], False, False
        self.totals.append(i)

    def _enumerates(self, i: int) -> bool:
        """Whether nothing but 、 leads from the words of the figure before to those of this one."""
        before, span = self.spans[i - 1], self.spans[i]
        return bool(before and span and re.match("[、和及与]", self.text[before[1] : span[0]]))

    def _whole(self, i: int, wholes: Sequence[int]) -> int | None:
        """The one of these amounts that this may be part of; a mean has no parts."""
        if _words().mean.search(self.claims[i].metric):
            return None
        fitting = [k for k in wholes if _alike(self.claims[i], self.claims[k])]
        whole = fitting[0] if len(fitting) == 1 else None
        if whole is None:
            return None
        name = self.claims[whole].metric
        return None if len(name) < 2 or self.claims[whole].number_to or _words().mean.search(name) else whole

    def _close(self, one: _List) -> bool:
        """Take a list as read; whether it was a bracket, of which two amounts are parts though it says no 其中."""
        if one.bracket and not one.told:
            for i in one.members:
                whole = self.found.maybe.pop(i, None)
                if whole is not None and len(one.members) > 1:
                    self.found.part_of[i] = whole
        return one.bracket

    def _end_sentence(self) -> None:
        for one in self.lists:
            self._close(one)
        if self.balanced:
            self._balance([])

    def _balance(self, left_over: list[int]) -> None:
        """收支相抵: the total of income is that of spending and what is left over."""
        self.balanced = False
        totals = self.totals[-_RECENT:]
        income, spending = ([i for i in totals if word in self.claims[i].metric] for word in ("收入", "支出"))
        if income and spending:
            parts = [spending[-1], *left_over]
            if all(self.claims[i].unit == self.claims[income[-1]].unit for i in parts):
                for i in parts:
                    self.found.part_of[i], self.found.listing[i] = income[-1], parts[0]


def _alike(part: Claim, whole: Claim) -> bool:
    """Whether an amount can be part of another: in its unit, of its year, planned or not as it is."""
    return (
        part.unit == whole.unit
        and (part.period_end or "")[:4] == (whole.period_end or "")[:4]
        and (part.modality == "target") == (whole.modality == "target")
    )


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
    if claims[members[0]].attribute == "level":
        wholes = {known for i in members if (known := found.part_of.get(i, found.maybe.get(i))) is not None}
        whole = wholes.pop() if len(wholes) == 1 else _named(claims, members[0], name) if name and not wholes else None
        if whole is None or whole in members or thing not in claims[whole].metric:
            return
        found.part_of.update(dict.fromkeys(members, whole))
    found.listing.update(dict.fromkeys(members, members[0]))


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
    for i, claim in enumerate(claims):
        span = spans[i]
        fulfils = claim.attribute == "rate" and claim.whole
        if span is None or claim.unit != "%" or not (fulfils or claim.attribute == "share"):
            continue
        subject = _subject(claims, i)
        if subject is None or claims[subject].period_end != claim.period_end:
            continue
        found.subject[i] = subject
        before = spans[i - 1]
        if fulfils:
            planned = before is not None and i - 1 != subject and text[before[1] : span[0]].strip() == "的"
            whole = i - 1 if planned and claims[i - 1].unit == claims[subject].unit else None
        elif claim.whole:
            whole = _named(claims, subject, claim.whole)
        else:
            whole = found.part_of.get(subject, found.maybe.get(subject))
        if whole is not None and whole != subject and claims[whole].period_end == claims[subject].period_end:
            found.part_of[i] = whole


def _subject(claims: Sequence[Claim], share: int) -> int | None:
    """The amount last stated in the sentence of a share, whose name the share begins with."""
    name = claims[share].metric
    for i in range(share - 1, -1, -1):
        if claims[i].passage != claims[share].passage:
            return None
        if claims[i].attribute == "level" and len(claims[i].metric) > 1 and name.startswith(claims[i].metric):
            return i
    return None

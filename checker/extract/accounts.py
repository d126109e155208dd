"""Lists and accounts of a text: what 其中 and brackets list, what a 合计 adds up, what is left when sides are balanced.

Amounts are related only where the text says so: within a paragraph, by a 其中 that opens the next sentence, or in
numbered paragraphs behind it. An account that was not read to its end (a number without a unit, 等, 扣除) is not
summed. Where words leave open which amounts are meant, the figures decide (see readings.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from checker.extract.parts import Parts, Relations, alike, is_apart, is_mean, planned_apart, same_year
from checker.extract.readings import adds_up, but_for_a_slip, meant
from checker.model import Claim

_EDGE = "，,、：: \n"
_COLON = ("：", ":")
# What words that open a list end with, where they end a clause.
_OPENS = (*_COLON, "，", ",")
_COMMA = re.compile("[，,]")
_DIGIT = re.compile(r"\d")
_CLAUSE_BREAK = re.compile("[，,、；;：:。！？\n]")
_NUMERALS = "零一二三四五六七八九"
# The longest clause that says no more than that a total follows.
_CLAUSE = 24
# So many amounts back the terms of a total, or the whole of a part, are looked for.
_RECENT = 40
# Of so few parts a sum may come out by chance.
_FEWEST = 3
# Lists of more parts are not tried without each of them.
_MOST = 20
# So far into a bracket words tell whether it lists parts.
_NEAR = 30


@dataclass(slots=True)
class _List:
    """Amounts listed behind 其中 or in a bracket: of which of `wholes`, which are in it, and the last of them.

    Where it is not `told`, or `loose`, nobody can say whether an amount belongs to it; where it is `open`, more belongs
    to it than was read. A `numbered` one goes over paragraphs, each of which has `taken` its amount or not. One of its
    amounts is `related` to a whole, or it has `crossed` a semicolon. `segment` counts its amounts since the last of
    these, `sure` those before it was loose.
    """

    wholes: tuple[int, ...] = ()
    members: list[int] = field(default_factory=list)
    bracket: bool = False
    told: bool = True
    colon: bool = False
    loose: bool = False
    open: bool = False
    numbered: bool = False
    taken: bool = False
    related: bool = False
    crossed: bool = False
    segment: int = 0
    sure: int = 0
    last: int | None = None


class Walk:
    """A walk over the amounts of a text in order: the lists that are open, and the terms that a total would add up."""

    def __init__(
        self,
        text: str,
        claims: Sequence[Claim],
        spans: Sequence[tuple[int, int] | None],
        unread: Sequence[int],
        words: Parts,
        found: Relations,
    ) -> None:
        self.text, self.claims, self.spans, self.words, self.found = text, claims, spans, words, found
        self.unread = iter(sorted(unread))
        self.next_unread = next(self.unread, len(text))
        self.sentence: list[int] = []
        self.before: list[int] = []  # the amounts of the sentence before that has some
        self.just_before: list[int] = []
        self.lines: list[int] = []  # the first amounts of numbered paragraphs that follow one another
        self.held: set[int] = set()  # totals that their terms make up
        self.line_start = self.opened = 0
        # What is done about each event between two figures.
        self.events: dict[str | None, Callable[[re.Match[str], int], None]] = {
            "line": self._line,
            "stop": self._stop,
            "semicolon": self._semicolon,
            "opening": self._opening,
            "closing": self._closing,
            "among": self._among,
            "some": self._some,
            "divided": self._divided,
            "added": self._added,
            "subtracted": self._subtracted,
            "balanced": self._balanced,
            "even": self._even,
        }
        self._paragraph(0)

    def _paragraph(self, start: int) -> None:
        # A 其中 that opens a sentence speaks of the one before, though it be that of the paragraph before.
        if self.sentence or self.opened == self.line_start:
            self.just_before = self.sentence
        self.before = self.sentence or self.before
        self.line_start = self.opened = start
        self.numbered = bool(self.words.numbered.match(self.text, start))
        self.sentence = []
        self.lists = [_List()]
        self.amounts: list[int] = []
        self.account: list[int] = []  # the items since the last total
        self.loose: set[int] = set()  # those which may be parts of another instead
        self.inner: list[int] = []  # the amounts of the list that a total ends
        self.heads: list[int] = []  # what 加上 adds to
        self.terms: list[int] = []
        self.totals: list[int] = []
        self.subtotal: int | None = None  # the last of them, in this sentence
        self.left_over: list[int] = []
        self.adding = self.unfinished = self.balanced = self.even = self.taken_off = False

    def run(self) -> None:
        end = 0
        for i, (claim, span) in enumerate(zip(self.claims, self.spans, strict=True)):
            if span is None:
                continue
            at = self._events(end, span[0])
            if claim.attribute == "level":
                self._amount(i, self.text[at : span[0]].strip(_EDGE))
            if self.words.goes_on.match(self.text, span[1]):
                self._unfinished()
            self.taken_off = False
            end = span[1]
        self._events(end, len(self.text))
        self._end_sentence()

    def _events(self, end: int, start: int) -> int:
        """Take note of what stands between two figures; where the last of it ends."""
        at = end
        for m in self.words.event.finditer(self.text, end, start):
            if self.next_unread < m.start():
                self._pass_unread(m.start())
            self.events[m.lastgroup](m, end)
            at = m.end()
        if self.next_unread < start:
            self._pass_unread(start)
        return at

    def _pass_unread(self, at: int) -> None:
        while self.next_unread < at:
            self._unfinished()
            self.next_unread = next(self.unread, len(self.text))

    def _unfinished(self) -> None:
        """More belongs to the list or the account that is open than was read."""
        top = self.lists[-1]
        if len(self.lists) > 1:
            top.open = True
        if len(self.lists) == 1 or top.loose:
            self.unfinished = True

    # ---- what stands between two figures

    def _line(self, m: re.Match[str], end: int) -> None:
        if not self.text[self.line_start : m.start()].strip():
            self.line_start = m.end()
            return
        top = self.lists[-1]
        waiting = self._waiting()
        if waiting is None and len(self.lists) > 1 and not top.bracket and not top.members:
            waiting = top  # 其中： and what it lists in the paragraphs below
        goes_on = bool(self.words.numbered.match(self.text, m.end()))
        if waiting and goes_on:
            self.lists.remove(waiting)
        items = self.account[:1] if self.numbered else []
        self._end_sentence()
        self.lines = [*self.lines[-_RECENT:], *items] if items or goes_on else []
        self._paragraph(m.end())
        if waiting and goes_on:
            waiting.numbered, waiting.taken = True, False
            self.lists.append(waiting)

    def _stop(self, m: re.Match[str], end: int) -> None:
        waiting = self._waiting()
        if waiting:
            self.lists.remove(waiting)
        self._end_sentence()
        self.just_before, self.before, self.sentence = self.sentence, self.sentence or self.before, []
        self.opened = m.end()
        if waiting:
            self.lists = [_List(), waiting]
        elif len(self.lists) > 1 or self.lists[0].last is not None:
            self.lists = [_List()]
        if not self.adding and not self.words.added.match(self.text, self._word(m.end())):
            self.terms, self.unfinished, self.inner = [], False, []
            self.subtotal = None

    def _waiting(self) -> _List | None:
        """The list that goes on in the next numbered paragraph."""
        return next((one for one in self.lists if one.numbered), None) if len(self.lists) > 1 else None

    def _word(self, at: int) -> int:
        """Where the next word stands."""
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        return at

    def _semicolon(self, m: re.Match[str], end: int) -> None:
        top = self.lists[-1]
        if len(self.lists) > 2 and not top.bracket and not self.lists[-2].bracket and not top.numbered:
            self._close(self.lists.pop())
        elif len(self.lists) > 1 and not top.bracket and not top.numbered:
            self._loosen(top, top.colon and top.segment < 2)
            top.crossed, top.segment = True, 0

    def _loosen(self, top: _List, still: bool) -> None:
        """From here on nobody knows what belongs to a list, unless it still goes on."""
        if not still and not top.loose:
            top.loose, top.sure = True, len(top.members)

    def _opening(self, m: re.Match[str], end: int) -> None:
        near = self.text[m.end() : m.end() + _NEAR].split("）")[0]
        told = bool(self.words.in_brackets.match(near))
        last = self.lists[-1].last
        span = self.spans[last] if last is not None else None
        follows = span is not None and span[1] == end and not self.text[end : m.start()].strip()
        fits = follows and (told or not self.words.not_parts.search(near))
        self.lists.append(_List((last,) if fits and last is not None else (), bracket=True, told=told))

    def _closing(self, m: re.Match[str], end: int) -> None:
        if any(one.bracket for one in self.lists):
            while not self._close(self.lists.pop()):
                pass

    def _among(self, m: re.Match[str], end: int, *, told: bool = True, all_told: bool = True) -> None:
        top = self.lists[-1]
        if top.bracket and not top.members:
            return  # （其中 A, B）: the bracket is the list
        if top.last is None and len(self.lists) == 1 and not self.text[self.opened : m.start()].strip():
            wholes = tuple(self.just_before[-_RECENT:])
        elif len(self.lists) > 1 and not top.bracket and top.last is None:
            return  # 其中，…包括…
        else:
            wholes = (top.last,) if top.last is not None else ()
        colon = self.text[m.end() : m.end() + 1] in _COLON or m[0][-1] in _OPENS or m.lastgroup == "divided"
        self.lists.append(_List(wholes, colon=colon, told=told, open=not all_told))

    def _some(self, m: re.Match[str], end: int) -> None:
        self._among(m, end, told=False, all_told=False)

    def _divided(self, m: re.Match[str], end: int) -> None:
        self._among(m, end, told=False)

    def _added(self, m: re.Match[str], end: int) -> None:
        if self.lists[-1].bracket:
            return
        self._leave_lists()
        if self.adding or self.lists[-1].bracket:
            return
        self.adding = True
        named = _CLAUSE_BREAK.split(self.text[max(end, m.start() - _CLAUSE) : m.start()])[-1].strip(_EDGE)
        before = self.before if self.subtotal is None else [self.subtotal]
        if named:
            self.heads = [i for i in self.amounts[-_RECENT:] if self.claims[i].metric.startswith(named)][-1:]
        else:
            self.heads = self.terms or before
        self.terms = []

    def _leave_lists(self) -> None:
        """Lists that are in no bracket end here."""
        while len(self.lists) > 1 and not self.lists[-1].bracket:
            one = self.lists.pop()
            self._close(one)
            self.inner = one.members

    def _subtracted(self, m: re.Match[str], end: int) -> None:
        self.taken_off = True

    def _balanced(self, m: re.Match[str], end: int) -> None:
        self.balanced = len(self.totals) > 1

    def _even(self, m: re.Match[str], end: int) -> None:
        self.balanced = self.even = len(self.totals) > 1

    # ---- an amount

    def _amount(self, i: int, words_before: str) -> None:
        lead, top = self._clause(i), self.lists[-1]
        span = self.spans[i]
        if self.words.compared.search(lead) or (span and self.words.share_follows.match(self.text, span[1])):
            return
        self.amounts.append(i)
        if top.numbered and top.taken:
            return
        total = self.words.named_total.search(lead) or self.words.bare_total.match(lead)
        if total and not top.numbered:
            self._leave_lists()
            top = self.lists[-1]
        if len(self.lists) == 1:
            self._item(i, lead, words_before)
        elif self._ends(i, top):
            self._leave_lists()
            self.loose.add(i)
            self._item(i, lead, words_before)
        else:
            self._member(i, top, words_before)
            if (top.loose or not top.told) and not any(one.bracket for one in self.lists):
                self.loose.add(i)
                self._item(i, lead, words_before)

    def _ends(self, i: int, top: _List) -> bool:
        """Whether an amount is of another kind than the whole of a list, so that the list has ended before it."""
        if top.bracket or top.numbered or not top.members or len(top.wholes) != 1:
            return False
        return is_apart(self.claims[i], self.claims[top.wholes[0]], self.words)

    def _member(self, i: int, top: _List, words_before: str) -> None:
        """Take an amount as one of a list."""
        if top.members and not (top.colon or top.bracket or top.numbered or self._enumerates(i)):
            self._loosen(top, still=False)
        elif not top.members and _COMMA.search(words_before):
            top.told, top.open = top.told and top.bracket, True  # 其中包含续做，总期限为3年
        counted = not top.related
        top.last = i
        top.members.append(i)
        top.segment += 1
        top.taken = True
        other = words_before.replace(self.claims[i].metric, "")  # a number in the name is no other figure (65岁及以上)
        whole = None if _DIGIT.search(other) else self._whole(i, top.wholes, counted)
        if whole is None:
            top.open = True
            return
        top.related = True
        if top.crossed and self.claims[i].value > self.claims[whole].value:
            self._loosen(top, still=False)
        (self.found.maybe if top.loose or not top.told else self.found.part_of)[i] = whole

    def _item(self, i: int, lead: str, words_before: str) -> None:
        """Take an amount as an item of the account of its paragraph, or as its total."""
        self.lists[0].last = i
        self.sentence.append(i)
        if self.balanced and self.words.left_over.search(words_before + self.claims[i].metric):
            self.left_over.append(i)
        if self.adding:
            if self.words.added_total.search(lead):
                self._total(i, lead)
                return
            if not self.terms and not self.unfinished and _COMMA.search(words_before) and not self.taken_off:
                self.terms, self.account, self.adding = (
                    [i],
                    [i],
                    False,
                )  # 加上结算资金，可用财力296.2亿元: what was added is not said
                return
        elif self.words.named_total.search(lead) or self.words.bare_total.match(lead):
            self._total(i, lead)
            return
        self.unfinished = self.unfinished or self.taken_off
        self.terms.append(i)
        self.account.append(i)

    def _total(self, i: int, lead: str) -> None:
        """Note what a total adds up, if the amounts before it are all its terms."""
        unit = self.claims[i].unit
        others = self.words.counters - {unit}  # 三项合计
        self.terms = [k for k in self.terms if self.claims[k].unit not in others]
        in_one = all(self.claims[k].unit == unit for k in self.terms)
        if in_one and not self.unfinished and not self.taken_off and len(self.terms) <= _RECENT:
            readings, closed = self._added_up(i) if self.adding else self._listed_up(i, lead)
            readings = [some for some in readings if some and not any(k in self.found.listing for k in some)]
            parts = meant(self.claims, readings, i, closed=closed)
            if parts and len(parts) > 1:
                self.found.make_up(parts, i)
                if adds_up(self.claims, parts, self.claims[i].interval):
                    self.held.add(i)
        self.totals.append(i)
        self.subtotal = i
        self.account, self.heads, self.terms, self.inner = [], [], [], []
        self.adding = self.unfinished = False

    def _added_up(self, i: int) -> tuple[list[list[int]], bool]:
        """What a total may hold where 加上 introduced terms, and whether words leave no doubt."""
        near = [k for k in self.heads[-_RECENT:] if self._comparable(k, i)]
        near = [k for k in near if k not in self.loose] or near
        far = [k for k in self.account[-_RECENT:] if k not in self.terms and self._comparable(k, i)]
        singles = [[k] for k in dict.fromkeys([*near[:1], *far[:1], *reversed(near), *reversed(far)])]
        heads = [*singles[:1], near, *singles[1:]]
        sure = [k for k in self.terms if k not in self.loose]
        closed = len(near) == 1 and len(sure) == len(self.terms) and not self._mixes(self.terms, i)
        ways = [self.terms] if len(sure) == len(self.terms) else [sure, self.terms]
        return [[*some, *terms] for terms in ways for some in heads if some and terms], closed

    def _listed_up(self, i: int, lead: str) -> tuple[list[list[int]], bool]:
        """What a total behind a plain list may hold, and whether words leave no doubt."""
        bare = self.words.bare_total.match(lead)
        terms = self.terms[-_RECENT:]
        sure = [k for k in terms if k not in self.loose]
        if bare and bare["count"]:  # 三项合计
            count = 2 if bare["count"] not in _NUMERALS else _NUMERALS.index(bare["count"])
            return [terms[-count:]], len(terms) >= count == len(sure[-count:])
        earlier = [k for k in self.account[-_RECENT:] if self.claims[k].unit == self.claims[i].unit]
        readings = [terms, sure, self.inner, earlier, [k for k in earlier if k not in self.loose]]
        if self.lines and not terms:
            readings.append([k for k in self.lines if self.claims[k].unit == self.claims[i].unit])
        readings += [terms[k:] for k in range(1, len(terms) - 1)]
        units = {_printed_unit(self.claims[k]) for k in (*terms, i)}
        closed = bool(bare) and len(terms) > 1 and len(units) == 1 and terms == sure == earlier
        return [some for some in readings if len(some) > 1], closed and not self._mixes(terms, i)

    def _comparable(self, k: int, total: int) -> bool:
        """Whether an amount can be what a total starts from: of its unit, year, tier, and planned or not as it is."""
        one, other = self.claims[k], self.claims[total]
        return (
            (one.unit, one.level) == (other.unit, other.level)
            and not planned_apart(one, other)
            and (same_year(one, other) or bool(self.words.carried.search(one.metric)))
            and not self._mixes([k], total)
        )

    def _mixes(self, terms: Sequence[int], total: int) -> bool:
        """Whether some of these are of the other side of the account than the total, or planned and it is not."""
        return any(self._other_side(k, total) or planned_apart(self.claims[k], self.claims[total]) for k in terms)

    def _other_side(self, k: int, total: int) -> bool:
        one, other = (self._side(i) for i in (k, total))
        return bool(one and other and one != other)

    def _side(self, i: int) -> str:
        """收入 or 支出, whichever the name of an amount says last."""
        metric = self.claims[i].metric
        return max(self.words.sides, key=metric.rfind) if any(side in metric for side in self.words.sides) else ""

    def _clause(self, i: int) -> str:
        """The words of the clause before an amount, back to the comma."""
        first = self.spans[i][0]  # type: ignore[index]
        return _CLAUSE_BREAK.split(self.text[max(0, first - _CLAUSE) : first])[-1].strip()

    def _enumerates(self, i: int) -> bool:
        """Whether nothing but 、 leads from the words of the figure before to those of this one."""
        before, span = self.spans[i - 1], self.spans[i]
        return bool(before and span and self.words.enumerates.match(self.text[before[1] : span[0]]))

    def _whole(self, i: int, wholes: Sequence[int], counted: bool) -> int | None:
        """The one of these amounts that this may be part of; a mean has no parts."""
        if is_mean(self.claims[i], self.words):
            return None
        fitting = [k for k in wholes if alike(self.claims[i], self.claims[k], self.words, counted=counted)]
        if len(fitting) != 1:
            return None
        claim = self.claims[fitting[0]]
        return None if len(claim.metric) < 2 or claim.number_to or is_mean(claim, self.words) else fitting[0]

    def _close(self, one: _List) -> bool:
        """Take a list as read; whether it was a bracket, whose amounts may be parts though it says no 其中."""
        if one.loose and one.told and not one.open:
            self._too_much(one.members)
        members = one.members[: one.sure] if one.loose else one.members
        whole = one.wholes[0] if len(one.wholes) == 1 else self.found.whole(members[0]) if members else None
        if one.open or whole is None or len(members) < 2:
            return one.bracket
        if one.told:
            # Parts printed more finely than their whole would agree with it by chance.
            exact = self.claims[whole].step <= max(self.claims[i].step for i in members)
            if exact and all(self.found.part_of.get(i) == whole for i in members) and not self._risen(whole):
                self.found.among.update(dict.fromkeys(members, members[0]))
        elif all(self.found.maybe.get(i) == whole for i in members) and meant(self.claims, [members], whole):
            self.found.make_up(members, whole)
        return one.bracket

    def _too_much(self, members: Sequence[int]) -> None:
        """Take parts as all of their whole where together they are more, and but for one slip would be it.

        Where the first of them, or all but one, are the whole as they stand, the others are no parts of it.
        """
        whole = self.found.whole(members[0])
        if whole is None or not _FEWEST <= len(members) <= _MOST or any(self.found.whole(i) != whole for i in members):
            return
        fewer = [members[:end] for end in range(2, len(members))]
        fewer += [[*members[:at], *members[at + 1 :]] for at in range(len(members))]
        if any(adds_up(self.claims, some, self.claims[whole].interval) for some in fewer):
            return
        total = self.claims[whole].value
        if sum(self.claims[i].value for i in members) > total and but_for_a_slip(self.claims, members, total, whole):
            self.found.make_up(members, whole)

    def _risen(self, i: int) -> bool:
        return bool(self.words.risen.search(self._clause(i)))

    def _end_sentence(self) -> None:
        for one in self.lists:
            if one.members:
                self._close(one)
        if self.balanced:
            self._balance()

    def _balance(self) -> None:
        """收支相抵: the total of income is that of spending and what is left over."""
        left_over, even = self.left_over, self.even
        self.left_over, self.balanced, self.even = [], False, False
        sides = [[i for i in self.totals[-_RECENT:] if self._side(i) == side] for side in self.words.sides]
        if not all(sides):
            return
        whole, spent = sides[0][-1], sides[1][-1]
        if any(self.claims[i].unit != self.claims[whole].unit for i in (spent, *left_over)):
            return
        if not left_over:
            if even and self.amounts[-1] == spent:
                self.found.part_of[spent], self.found.listing[spent] = whole, spent
            return
        readings = [[spent, left_over[0]], [spent, *left_over], *([spent, k] for k in left_over[1:])]
        parts = meant(self.claims, readings, whole, closed=self._plain_rest(left_over, whole, spent))
        if parts:
            self.found.make_up(parts, whole)

    def _plain_rest(self, left_over: Sequence[int], whole: int, spent: int) -> bool:
        """Whether what is left can only be that of these totals: not of all years, nor of this year alone."""
        first = left_over[0]
        words = self._clause(first) + self.claims[first].metric
        other = self.words.all_years.search(words) or self.words.of_the_year.search(words)
        return len(left_over) == 1 and not other and {whole, spent} <= self.held and not self.taken_off


def _printed_unit(claim: Claim) -> str:
    return claim.text.removeprefix(claim.number).strip()

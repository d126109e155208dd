"""What each part of a document is about: its period, whether it plans, its budget and tier of administration.

Headings say so for all below them, down to the next heading as high; a paragraph or sentence that opens with a period
says so for itself and what follows, until another is named.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from copy import copy

from msgspec import Struct
from msgspec.structs import replace

from checker.extract.budgets import budget_named
from checker.extract.dates import assumed_day, subject_period, tells_of_now
from checker.extract.language import Language, name_of
from checker.extract.modality import corrects
from checker.extract.periods import Frame, Mention, Period, Phrase, find, mentions, years
from checker.extract.told import ASSUMED, CARRIED, DOCUMENT, Told
from checker.extract.where import tier_named
from checker.model import Document, Table
from checker.read.headings import depth, numbering
from checker.vocabulary import any_of

_PROSE = re.compile("[。；！？]")
_RUN_IN = re.compile(r"[^，。；\n]{2,32}(?=。)")
# What is no name: digits, signs, and letters that follow digits, as in a row of months.
_NO_NAME = re.compile(r"\d+\s?\w?|[\W_]")
# A heading is no longer than this, a headline near the beginning of a text than that.
_LONGEST = 50
_BEGINNING = 4000
_HEADLINE = 60
# How deep a heading stands that has no number and opens a part of the whole text.
_ROOT = -1
# How much deeper than a heading an item of a list stands that is numbered like it; the first number of such a list.
_WITHIN = 0.5
_FIRST = re.compile(r"\D{0,2}?[一1１①](?![一二三四五六七八九十\d])")
# How far from its beginning a sentence or paragraph may open with a period.
OPENING = 12
# Headings numbered at least so highly divide a text into the parts that a note speaks of.
_DIVIDES = 1


class Part(Struct):
    """What a stretch of text is about.

    `told` is the period of its figures, and `state` that of states where a day is named for them; `year` is the one
    that its phrases leave out, `firm` where that is no guess; `plan` are the words by which it can only tell of plans,
    and `past` says that its heading looks back. `origin` is the year that rises and falls are told from, and `opened`
    the period and state that its paragraph opens with; `goes_on` that all figures of the sentence are of that state.
    """

    told: Told
    year: int
    firm: bool
    plan: str
    past: bool = False
    budget: str = ""
    scope: str = ""
    state: Told | None = None
    origin: Period | None = None
    opened: tuple[Told, Told | None] | None = None
    goes_on: bool = False
    named: tuple[Period, ...] = ()

    @property
    def period(self) -> Period:
        period: Period = self.told.value
        return period


def _says_what(name: str) -> bool:
    """Whether a heading names more than its period: letters but for the units of dates."""
    return len(_NO_NAME.sub("", name)) > 1


class Outline:
    """Follows the headings of a document; `part` is where it stands."""

    def __init__(self, document: Document, language: Language) -> None:
        self.language, periods = language, language.periods
        self.words, self.periods, self.modality = language.outline, periods, language.modality
        self.flat, self.title = document.flat, re.sub(r"\s", "", document.title)
        self.phrases = find(periods, self.flat)
        self.corrects = corrects(self.modality, self.flat)
        self.starts = [phrase.start for phrase in self.phrases]
        self.day = assumed_day(document, periods, self.phrases)
        self.subject = subject_period(document, periods, self.phrases, self.day)
        self.now = tells_of_now(document, periods)
        self.today = self.day.isoformat() if self.day else ""
        self.known, self.of_company = document.date is not None, bool(document.organisation)
        self.reports = self._part_of_year()
        self.dated = self.known or self._announces_plans(document)
        ends = periods.fiscal_end.search(self.flat)
        self.fiscal = (int(ends["month"]), int(ends["day"])) if ends else None
        names = [document.place, *self.words.place_part.findall(document.place)]
        self.own_place = re.compile(f"{any_of(names)}(?=..)" if document.place else "(?!)")
        self.notes = self._notes(document)
        self.above: list[tuple[float, Part]] = []
        # The phrases of heads and titles, which tables repeat for each of their cells.
        self._named: dict[str, list[Phrase]] = {}
        self.kind = document.kind
        self.part = self._whole()

    def _whole(self) -> Part:
        subject: Period = self.subject.value
        plan = "" if self.now and self.subject.how == ASSUMED else self.plans(subject, self.subject.source)
        return Part(self.subject, subject.year, self.subject.how == DOCUMENT, plan)

    def _part_of_year(self) -> Period | None:
        """What a report on a part of a year that was still running tells of; None of any other."""
        subject: Period = self.subject.value
        running = not self.today or self.today[:4] <= subject.end[:4]
        part = self.subject.how == DOCUMENT and subject.one_year and not subject.whole_years
        return subject if part and running else None

    def _announces_plans(self, document: Document) -> bool:
        """Whether a headline near the beginning of a text without a date is about plans."""
        blocks = (b for b in document.blocks if b.start < _BEGINNING and not isinstance(b, Table))
        lines = (document.flat[b.start : b.end] for b in blocks)
        plans = self.modality.plan_parts
        return any(plans.search(line) and not _PROSE.search(line) for line in lines if len(line) <= _HEADLINE)

    def plans(self, period: Period, source: str = "") -> str:
        """The words by which the document, by its date, can only have plans for this period; else nothing."""
        if self.day is None or not self.dated or not period.one_year or period.end < self.day.isoformat():
            return ""
        reported: Period = self.subject.value
        next_year = self.kind in self.periods.planning_kinds and period.year > reported.year
        planning = next_year or self.day.month <= self.periods.plans_until
        early = planning and period.whole_years
        ahead = period.year > self.day.year or (period.year == self.day.year and early)
        return (source or str(period.year)) if ahead else ""

    def _notes(self, document: Document) -> list[tuple[int, int, str]]:
        """Stretches whose figures a note calls expected: behind it or in front of it, as far as its part goes."""
        found = [(m, False) for m in self.modality.below.finditer(self.flat)]
        found += [(m, True) for m in self.modality.above.finditer(self.flat)]
        if not found:
            return []
        high = (b.start for b in document.blocks if b.end - b.start <= _LONGEST)
        divides = [0, *(at for at in high if (depth(self.flat, at) or 0) == _DIVIDES), len(self.flat)]
        notes: list[tuple[int, int, str]] = []
        for m, above in sorted(found, key=lambda note: note[0].start()):
            i = bisect_right(divides, m.start())
            if not above:
                notes.append((m.start(), divides[i], m[0]))
            else:
                notes = [(start, min(end, m.end()) if end > m.start() else end, note) for start, end, note in notes]
                notes.append((divides[i - 1], m.end(), m[0]))
        return notes

    def note(self, offset: int) -> str:
        """The note by which the figures here are expected; empty where none says so."""
        return next((note for start, end, note in self.notes if start <= offset < end), "") if self.notes else ""

    def frame(self, part: Part) -> Frame:
        """What phrases of a part are read by."""
        season = self.periods.looking_back_until
        return Frame(part.year, self.day, part.firm, self.known, part.period, self.fiscal, season)

    def mentions(self, start: int, end: int, part: Part) -> list[Mention]:
        """The periods that are named between two offsets."""
        first = bisect_left(self.starts, start)
        if first == len(self.starts) or self.starts[first] >= end:
            return []
        inside = self.phrases[first : bisect_left(self.starts, end, lo=first)]
        if inside[-1].end > end:
            inside.pop()
        return list(mentions(inside, self.frame(part)))

    def named_in(self, text: str, part: Part, period: Period | None = None) -> list[Mention]:
        """The periods that a title or the head of a table names, that figures are not only compared with."""
        if text not in self._named:
            self._named[text] = find(self.periods, text)
        phrases = self._named[text]
        if not phrases:
            return []
        frame = self.frame(part)
        if period:
            frame = frame._replace(year=period.year, period=period)
        return [mention for mention in mentions(phrases, frame) if not mention.compared]

    def standing(self) -> tuple[Part, list[tuple[float, Part]]]:
        """Where the outline stands, to be resumed behind a table, whose cells are no headings of what follows."""
        return copy(self.part), list(self.above)

    def resume(self, standing: tuple[Part, list[tuple[float, Part]]]) -> None:
        self.part, self.above = standing

    def paragraph(self, start: int, end: int) -> Part:
        """Where a paragraph stands, once it has been read as a heading or for the period it opens with."""
        if self.title and self._is_title(start, end):
            return copy(self.part)
        if end - start <= _LONGEST and not _PROSE.search(self.flat, start, end):
            self._heading(start, end)
        elif (deep := depth(self.flat, start)) is not None:
            run_in = _RUN_IN.match(self.flat, start)
            if run_in and not self.words.statement.search(run_in[0]):
                self._heading(start, run_in.end())
            else:
                self._item(deep, start)
        part = copy(self.part)
        self._titled(start, end, part)
        if area := self.words.area_opens.match(self.flat, start, end):
            part.scope = area["area"]
        if address := self.words.address.match(self.flat, start, end):
            start = address.end()
        opening = self.opening(self.mentions(start, min(end, start + 2 * OPENING), part), start)
        if opening:
            self.carry(part, opening)
            if self._lasts(opening):
                self.part.told, self.part.plan, self.part.state = part.told, part.plan, None
                self.part.year = self.part.year if self.part.firm else part.year
        part.opened = part.told, part.state
        return part

    def _is_title(self, start: int, end: int) -> bool:
        """Whether a line is the title of the document, but for spaces."""
        line = self.flat[start:end].lstrip()
        return line[0:1] == self.title[0] and "".join(line.split()) == self.title

    def sentence(self, start: int, end: int, part: Part) -> list[Mention]:
        """The periods that a sentence names; what it opens with holds for what follows."""
        if part.opened and self.words.turns_back.match(self.flat, start, end):
            part.told, part.state = part.opened
        found = self.mentions(start, end, part)
        part.goes_on = bool(part.state and self.words.goes_on.match(self.flat, start, end))
        if opening := self.opening(found, start):
            self.carry(part, opening)
        return found

    def _lasts(self, opening: Mention) -> bool:
        """Whether a period that a paragraph opens with holds for the next ones: one as long as that of the report.

        So does one of several that the heading names, where the paragraph goes on about the whole of it.
        """
        subject: Period = self.subject.value
        period = opening.period
        if len(self.part.named) > 1 and period in self.part.named:
            return bool(self.words.as_a_whole.match(self.flat, opening.end))
        ahead = period.year > subject.year and self.of_company and not self.plans(period)
        if self.subject.how == DOCUMENT and (ahead or period.year < subject.year - 1):
            # a year told of in passing: long ago, or in a report that plans nothing
            return False
        long = period.whole_years or (period.holds(subject) and not period.point)
        return self.part.period.one_year and period.one_year and long and not opening.relative

    def opening(self, found: Sequence[Mention], start: int) -> Mention | None:
        """The period that the sentence or paragraph which begins here opens with."""
        for mention in found:
            if not mention.compared and not mention.reach:
                opens = not mention.day and mention.period.known and self._opens(start, mention)
                return mention if opens else None
        return None

    def carry(self, part: Part, opening: Mention) -> None:
        """A period that a sentence or paragraph opens with holds for what follows: a day only for states."""
        told = Told(opening.period, CARRIED, self.flat[opening.start : opening.end])
        if opening.period.point:
            part.state = told
            if not part.period.holds(opening.period):
                until = Period(f"{opening.period.year:04d}-01-01", opening.period.end)
                part.told = Told(until, ASSUMED, told.source)
            return
        part.told, part.state = told, None
        if not opening.relative and opening.period.one_year:
            part.year, part.firm = opening.period.year, True
        if opening.period.whole_years:
            part.plan = self.plans(opening.period, told.source)

    def _opens(self, start: int, mention: Mention) -> bool:
        """Whether a sentence opens with this period: nothing but its place, a number or a preposition stands before."""
        if mention.start - start >= OPENING or self.words.begins.match(self.flat, mention.end):
            return False
        before = self.flat[start : mention.start]
        own = self.own_place.match(before + "，，")
        before = before[own.end() :] if own else before
        return not self.words.in_front.sub("", before)

    def _heading(self, start: int, end: int) -> None:
        text = self.flat[start:end]
        if self.words.report_title.search(text):
            return
        deep = depth(self.flat, start)
        if deep is not None:
            self._open(deep)
        elif self.words.part_title.search(text) and (not self.above or self.above[0][0] == _ROOT):
            self._open(_ROOT)
        self._set_period(start, end, numbered=deep is not None)
        budget, scope = budget_named(self.language.budgets, text), self._tier(text)
        area = self.words.area.search(numbering()[1].sub("", text)) if deep is not None else None
        if budget:
            self.part.budget = budget
        if area:
            self.part.scope = area[0]
        elif scope or (budget and not self.words.area.match(self.part.scope)):
            self.part.scope = self.language.tiers.scope_of[scope] if scope else ""

    def _item(self, deep: int, start: int) -> None:
        """A numbered paragraph: the next part, or an item of a list that is numbered like the heading above it."""
        within, opened = deep + _WITHIN, {height for height, _ in self.above}
        if opened & {deep, within} and _FIRST.match(self.flat, start):
            self.above = [(height, part) for height, part in self.above if height <= deep]
            self.above.append((within, self.part))
        elif within in opened:
            self.above = [(height, part) for height, part in self.above if height <= within]
        else:
            self._open(deep)
            return
        self.part = replace(self.above[-1][1], origin=None)

    def _open(self, deep: float) -> None:
        """A part begins that stands so deep: what was as deep or deeper is over."""
        self.above = [(height, part) for height, part in self.above if height < deep]
        self.part = replace(self.above[-1][1], origin=None) if self.above else self._whole()
        self.above.append((deep, self.part))

    def _tier(self, heading: str) -> str | None:
        """The word for a tier in a heading that says whose figures stand below it, not one that is only spoken of."""
        scope, tiers = tier_named(heading, self.language.naming), self.language.tiers
        lasts = scope is not None and tiers.scope_of[scope] in tiers.lasting
        return scope if lasts or self.language.budgets.of_budget.search(heading) else None

    def _titled(self, start: int, end: int, part: Part) -> None:
        """The tier and budget that a short sentence in front of a paragraph names, its title (市级收支情况。)."""
        title = _RUN_IN.match(self.flat, start, end)
        if not title or title.end() + 1 >= end:
            return
        part.budget = budget_named(self.language.budgets, title[0]) or part.budget
        scope = self._tier(title[0])
        if scope and not self.words.in_front.sub("", title[0].partition(scope)[0]):
            part.scope = self.language.tiers.scope_of[scope]

    def _set_period(self, start: int, end: int, numbered: bool) -> None:
        text = self.flat[start:end]
        named = [
            mention
            for mention in self.mentions(start, end, self.part)
            if not (mention.compared or mention.reach or mention.day or mention.period.point) and mention.period.known
        ]
        past = bool(self.modality.past_parts.search(text))
        plans = not past and self.modality.plan_parts.search(text)
        if self.words.caption.match(text):
            named = [mention for mention in named if mention.period.one_year]
        self.part.named = tuple(mention.period for mention in named) or self.part.named
        if named and not self.words.statement.search(text) and _says_what(name_of(text, self.language)):
            self._about(named[0], text, numbered, planned=not past)
            self.part.past = past or (self.part.past and not self.part.plan)
        elif plans and self._opens_plans(text, numbered) and (year := self._next_year()):
            self.part.told, self.part.state = Told(years(year, year), CARRIED, text), None
            self.part.year, self.part.firm, self.part.plan, self.part.past = year, True, text, False
        elif past:
            self.part.past = True

    def _opens_plans(self, heading: str, numbered: bool) -> bool:
        """Whether a heading that names no year is about plans: within a part that looks back only one that says so."""
        said = self.modality.plan_heads.search(self.modality.numbers.sub("", name_of(heading, self.language)))
        return bool(said) or (numbered and not self.part.past)

    def _about(self, mention: Mention, heading: str, numbered: bool, planned: bool) -> None:
        """A heading that names a period; a headline without a number leaves the year of what follows open."""
        self.part.told, self.part.state = Told(mention.period, CARRIED, heading), None
        if mention.period.one_year or not self.day or mention.period.end < self.day.isoformat():
            self.part.year, self.part.firm = mention.period.year, self.part.firm or numbered
        if planned and mention.period.whole_years:
            subject: Period = self.subject.value
            ahead = mention.period.year > subject.year and mention.period.end >= self.today
            said = ahead and self.subject.how == DOCUMENT and self.modality.plan_parts.search(heading)
            self.part.plan = heading if said else self.plans(mention.period, heading)
        elif not planned:
            self.part.plan = ""

    def _next_year(self) -> int:
        """The year that a report that looks back plans for; 0 where its date does not tell."""
        subject: Period = self.subject.value
        early = self.day is not None and self.day.month <= self.periods.looking_back_until
        return self.day.year if self.day and early and self.day.year > subject.year else 0

"""What each part of a document is about: its period, whether it plans, its budget and tier of administration.

Headings say so for all below them, down to the next heading as high; a paragraph that opens with a year says so for
itself and what follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from checker.extract.budgets import budget_named
from checker.extract.cues import cues
from checker.extract.language import name_of, zh
from checker.extract.periods import Mention, Period, assumed_day, mentions, subject_period, years
from checker.model import Document
from checker.vocabulary import any_of, words

# Numbered headings, the highest first.
_NUMBERING = [
    re.compile(rf"\s?(?:{form})")
    for form in (
        "附件|附录|第[一二三四五六七八九十]+[部章]分?",
        "[一二三四五六七八九十]{1,3}、",
        "[（(][一二三四五六七八九十]{1,3}[)）]",
        r"\d{1,2}[.．、](?!\d)",
        r"[（(]\d{1,2}[)）]",
    )
]
_PROSE = re.compile("[。；！？]")
_RUN_IN = re.compile(r"[^，。；\n]{2,32}(?=。)")
_REPORT_TITLE = re.compile("(?:报告|公报|公告|草案[）)])$")
_AREA = re.compile(
    "[\u4e00-\u9fff]{2,12}(?:开发区|管理区|度假区|新区|示范区|高新区|经开区|名胜区|试验区|园区|合作区|[县旗])$"
)
_PLACE_PART = re.compile(".{2,}?(?:自治区|自治州|省|市|州|盟|县|区|旗|国)")
# What may stand in front of the period that a sentence opens with; and what shows that it only begins there.
_PREPOSITIONS = re.compile(
    r"[\s，,、：:“”（()）—\-–·\d.．一二三四五六七八九十是将把在到至自从截止预计其中汇总全市区县省我们，初步核算]"
)
_BEGINS = re.compile("开始|起[，、]?")
_AREA_OPENS = re.compile(
    "([\u4e00-\u9fff]{2,12}?(?:开发区|高新区|经开区|新区|园区|管理区))"
    "(?=(?:地方)?(?:一般公共预算|政府性基金|国有资本经营|社会保险基金))"
)
_CAPTION = re.compile(r"\s?(?:附?[图表]|专栏)\s?\d")
_FIGURE = re.compile("[万亿元%％]")
# A heading is no longer than this.
_LONGEST = 50
# The beginning of a text, where its headlines say what it is about.
_BEGINNING = 4000
_HEADLINE = 60
# How far from its beginning a sentence or paragraph may open with a period.
OPENING = 12


@dataclass(slots=True)
class Part:
    """What a stretch of text is about; `plan` where it can only tell of plans."""

    period: Period
    plan: bool
    budget: str = ""
    scope: str = ""


class Outline:
    """Follows the headings of a document; `part` is where it stands."""

    def __init__(self, document: Document) -> None:
        self.flat, self.day = document.flat, assumed_day(document)
        self.subject = subject_period(document)
        self.dated = document.date is not None or self._announces_plans(document)
        names = [document.place, *_PLACE_PART.findall(document.place)]
        self.places = re.compile(f"^(?:{any_of(names)})(?=..)" if document.place else "(?!)")
        self.above: list[tuple[int, Part]] = []
        self.part = self._whole()

    def _whole(self) -> Part:
        return Part(self.subject, self.plans(self.subject))

    def _announces_plans(self, document: Document) -> bool:
        """Whether a headline near the beginning of a text without a date is about plans."""
        lines = (document.flat[b.start : b.end] for b in document.blocks if b.start < _BEGINNING)
        return any(
            cues().plan_part.search(line) and not _PROSE.search(line) for line in lines if len(line) <= _HEADLINE
        )

    def plans(self, period: Period) -> bool:
        """Whether the document, by its date, can only have plans for this period."""
        if self.day is None or not self.dated or not period.one_year or period.end < self.day.isoformat():
            return False
        early = self.day.month <= words("periods")["plans_until"]
        return period.year > self.day.year or (period.year == self.day.year and early)

    def standing(self) -> tuple[Part, list[tuple[int, Part]]]:
        """Where the outline stands, to be resumed behind a table, whose cells are no headings of what follows."""
        return replace(self.part), list(self.above)

    def resume(self, standing: tuple[Part, list[tuple[int, Part]]]) -> None:
        self.part, self.above = standing

    def paragraph(self, start: int, end: int) -> Part:
        """Where a paragraph stands, once it has been read as a heading or for the period it opens with."""
        if end - start <= _LONGEST and not _PROSE.search(self.flat, start, end):
            self._heading(start, end)
        elif self._depth(start) is not None and (run_in := _RUN_IN.match(self.flat, start)):
            self._heading(start, run_in.end())
        part = replace(self.part)
        if area := _AREA_OPENS.match(self.flat, start, end):
            part.scope = area[1]
        for mention in mentions(self.flat, start, min(end, start + 2 * OPENING), part.period.year, self.day):
            if mention.compared or mention.inner or mention.relative or not self.opens(start, mention):
                continue
            if mention.period.whole_years:
                part.period, part.plan = mention.period, self.plans(mention.period)
                if self.part.period.one_year and mention.period.one_year:
                    self.part.period, self.part.plan = part.period, part.plan
            break
        return part

    def opens(self, start: int, mention: Mention) -> bool:
        """Whether a sentence opens with this period: nothing but its place, a number or a preposition stands before."""
        if mention.start - start >= OPENING or _BEGINS.match(self.flat, mention.end):
            return False
        before = self.places.sub("", self.flat[start : mention.start] + "，，")
        return not _PREPOSITIONS.sub("", before)

    def _depth(self, start: int) -> int | None:
        return next((i for i, form in enumerate(_NUMBERING) if form.match(self.flat, start)), None)

    def _heading(self, start: int, end: int) -> None:
        text = self.flat[start:end]
        if _REPORT_TITLE.search(text):
            return
        depth = self._depth(start)
        if depth is not None:
            self.above = [(height, part) for height, part in self.above if height < depth]
            self.part = replace(self.above[-1][1]) if self.above else self._whole()
            self.above.append((depth, self.part))
        self._set_period(start, end, numbered=depth is not None)
        budget, scope = budget_named(text), cues().scope.search(text)
        area = _AREA.search(_NUMBERING[1].sub("", text)) if depth is not None else None
        if budget:
            self.part.budget = budget
        if area:
            self.part.scope = area[0]
        elif scope or (budget and not _AREA.match(self.part.scope)):
            self.part.scope = cues().scope_of[scope[0]] if scope else ""

    def _set_period(self, start: int, end: int, numbered: bool) -> None:
        text = self.flat[start:end]
        named = [
            mention.period
            for mention in mentions(self.flat, start, end, self.part.period.year, self.day)
            if not mention.compared and not mention.period.point and mention.period.start != mention.period.end
        ]
        past = cues().past_part.search(text)
        if _CAPTION.match(text):
            named = [period for period in named if period.one_year]
        if named and not _FIGURE.search(text) and len(name_of(text, zh())) > 1:
            self.part.period, self.part.plan = named[0], self.plans(named[0]) and not past
        elif numbered and self._next_year() and cues().plan_part.search(text) and not past:
            year = self._next_year()
            self.part.period, self.part.plan = years(year, year), True

    def _next_year(self) -> int:
        """The year that a report that looks back plans for; 0 where its date does not tell."""
        early = self.day is not None and self.day.month <= words("periods")["looking_back_until"]
        return self.day.year if self.day and early and self.day.year > self.subject.year else 0

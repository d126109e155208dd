"""A Document to its claims. One document in, claims and rejected numbers out; nothing else is needed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache

from checker.extract import tables
from checker.extract.clauses import Bound, Subject, bind, clean, cues
from checker.extract.numbers import Token, interval, scan
from checker.extract.periods import Mention, Period, mentions, subject_period, years
from checker.model import Claim, Document, Rejected
from checker.vocabulary import any_of, words

_SENTENCE_END = re.compile("[。！？!?]|；(?=[^；。]{0,80}(?:19|20)\\d\\d年)")
_PROSE = re.compile("[。；！？]")
# How deep a numbered heading stands; what it says holds until the next one as high.
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
_RUN_IN = re.compile(r"[^，。；\n]{2,32}(?=。)")
_REPORT_TITLE = re.compile("(?:报告|公报|公告|草案[）)])$")
_AREA = re.compile(
    "[\u4e00-\u9fff]{2,12}(?:开发区|管理区|度假区|新区|示范区|高新区|经开区|名胜区|试验区|园区|合作区|[县旗])$"
)
_SCOPE_AT = re.compile(r"(?:^|[，。；：、\s）)”年度末\d]|[一二三四五]是)$")


@dataclass(slots=True)
class _Part:
    """What the part of a document at hand is about."""

    period: Period
    plan: bool
    budget: str = ""
    scope: str = ""


def extract(document: Document) -> tuple[list[Claim], list[Rejected]]:
    """Every quantity the document states, bound to its meaning, and every other number with the reason why not."""
    return _Extraction(document).run()


class _Extraction:
    """The state of one pass over a document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.flat = document.flat
        self.claims: list[Claim] = []
        self.rejected: list[Rejected] = []
        self.lines = [0, *(m.end() for m in re.finditer("\r\n|\n|\r", document.text))]
        self.subject = subject_period(document)
        self.parts: list[tuple[int, _Part]] = []
        self.part = self._whole()
        self.passage = 0
        names = re.findall(".{2,}?(?:自治区|省|市|自治州|州|盟|县|区|旗|国)", document.place)
        self.places = re.compile(f"^(?:{any_of([document.place, *names])})(?=..)" if names else "(?!)")

    def _whole(self) -> _Part:
        """What the document as a whole is about."""
        return _Part(self.subject, self._looks_ahead(self.subject))

    def _looks_ahead(self, period: Period) -> bool:
        """Whether a document, by its date, can only have plans for this period."""
        day = self.document.date
        return (
            day is not None
            and period.one_year
            and (period.year > day.year or (period.year == day.year and day.month <= 3))
        )

    def run(self) -> tuple[list[Claim], list[Rejected]]:
        tokens = scan(self.flat)
        starts = [token.first for token in tokens]
        rows: list[tuple[int, int]] = []
        start = 0
        while start < len(self.flat):
            end = self.flat.find("\n", start)
            end = len(self.flat) if end < 0 else end
            if tables.is_row(self.flat[start:end]):
                rows.append((start, end))
            else:
                self._table(rows)
                rows = []
                inside = tokens[bisect_left(starts, start) : bisect_left(starts, end)]
                self._paragraph(start, end, inside)
            start = end + 1
        self._table(rows)
        return self.claims, self.rejected

    def _paragraph(self, start: int, end: int, tokens: list[Token]) -> None:
        if end - start <= 50 and not _PROSE.search(self.flat, start, end):
            self._heading(start, end)
        elif any(form.match(self.flat, start) for form in _NUMBERING) and (run_in := _RUN_IN.match(self.flat, start)):
            self._heading(start, run_in.end())
        if not tokens:
            return
        context = replace(self.part)
        self._opening(start, end, context)
        at = start
        for m in [*_SENTENCE_END.finditer(self.flat, start, end), None]:
            stop = m.end() if m else end
            inside = [token for token in tokens if at <= token.first < stop]
            if inside:
                self._sentence(at, stop, inside, context)
            at = stop

    def _heading(self, start: int, end: int) -> None:
        """Let a heading say what the figures below it are about, down to the next heading as high."""
        text = self.flat[start:end]
        if _REPORT_TITLE.search(text):
            return
        depth = next((i for i, form in enumerate(_NUMBERING) if form.match(text)), None)
        if depth is not None:
            self.parts = [(above, part) for above, part in self.parts if above < depth]
            self.part = replace(self.parts[-1][1]) if self.parts else self._whole()
            self.parts.append((depth, self.part))
        self._set_period(start, end, text, depth is not None)
        budget, scope = _budget_names().search(text), cues().scopes.search(text)
        area = _AREA.search(_NUMBERING[1].sub("", text)) if depth is not None else None
        if budget:
            self.part.budget = _budget_of()[budget[0]]
        if area:
            self.part.scope = area[0]
        elif scope or (budget and not _AREA.match(self.part.scope)):
            self.part.scope = cues().scope_of[scope[0]] if scope else ""

    def _set_period(self, start: int, end: int, text: str, numbered: bool) -> None:
        found = [m for m in self._mentions(start, end, self.part.period.year) if not m.compared and not m.period.point]
        past = _past_part().search(text)
        year = self._plan_year()
        if found and not re.search(r"[万亿元%％]", text):
            self.part.period = found[0].period
            self.part.plan = self._looks_ahead(found[0].period) and not past
        elif numbered and year and _plan_part().search(text) and not past:
            self.part.period, self.part.plan = years(year, year), True

    def _opening(self, start: int, end: int, context: _Part) -> None:
        """A paragraph that opens with a year says what it and, until another does, those behind it are about."""
        for mention in self._mentions(start, min(end, start + 24), context.period.year):
            if mention.compared or mention.inner or mention.relative or mention.start - start > 10:
                continue
            if mention.period.start.endswith("01-01") and mention.period.end.endswith("12-31"):
                context.period, context.plan = mention.period, self._looks_ahead(mention.period)
                if self.part.period.one_year and mention.period.one_year:
                    self.part.period, self.part.plan = context.period, context.plan
            return

    def _plan_year(self) -> int | None:
        day = self.document.date
        return day.year if day is not None and day.month <= 6 and day.year > self.subject.year else None

    def _mentions(self, start: int, end: int, about: int) -> list[Mention]:
        return list(mentions(self.flat, start, end, about, self.document.date))

    def _sentence(self, start: int, end: int, tokens: list[Token], context: _Part) -> None:
        self.passage += 1
        quantities = []
        for token in tokens:
            if token.reason:
                self._reject(token)
            else:
                quantities.append(token)
        found = self._mentions(start, end, context.period.year)
        self._carry(found, start, context)
        if not quantities:
            return
        quantities = [token for token in quantities if not any(m.start <= token.first < m.end for m in found)]
        sentence = self.flat[start:end].strip()
        subject = Subject()
        bounds = bind(self.flat, quantities, start, end, subject)
        budget = self._budget(start, end, context)
        for i, (token, bound) in enumerate(zip(quantities, bounds, strict=False)):
            following = bounds[i + 1] if i + 1 < len(bounds) else None
            self._claim(token, bound, following, found, start, sentence, context, budget)

    def _carry(self, found: list[Mention], start: int, context: _Part) -> None:
        """A period that a sentence opens with holds for the rest of the paragraph; a whole year also for what follows."""
        for mention in found:
            if mention.compared or mention.inner or mention.start - start > 12:
                continue
            whole = (
                mention.period.start.endswith("01-01") and mention.period.end.endswith("12-31") and not mention.relative
            )
            if whole and (context.period.year != mention.period.year or context.period.start != mention.period.start):
                context.period = mention.period
                context.plan = self._looks_ahead(mention.period)
            break

    def _budget(self, start: int, end: int, context: _Part) -> str:
        found = _budget_names().search(self.flat, start, end)
        if found:
            context.budget = _budget_of()[found[0]]
        return context.budget

    def _reject(self, token: Token) -> None:
        text, flat = self.document.text, self.flat
        begin, stop = self.document.offsets.span(token.first, token.last)
        line, column = self._place(begin)
        around = flat[max(0, token.first - 12) : token.last + 12].replace("\n", " ")
        self.rejected.append(
            Rejected(
                self.document.path, line, column, begin, stop, flat[token.first : token.last], token.reason, around
            )
        )
        del text

    def _place(self, offset: int) -> tuple[int, int]:
        i = bisect_right(self.lines, offset) - 1
        return i + 1, offset - self.lines[i] + 1

    def _claim(
        self,
        token: Token,
        bound: Bound,
        following: Bound | None,
        found: list[Mention],
        start: int,
        sentence: str,
        context: _Part,
        budget: str,
    ) -> None:
        metric = _full_name(self.places.sub("", bound.metric), budget)
        modality = self._modality(token, bound, start, context)
        concept = concept_of(metric)
        period = self._period(token, bound, following, found, metric, concept, context, modality)
        bound.owner = bound.owner or _other_budget(metric, budget)
        level = self._level_of(token, start, context)
        base = next(
            (m.period for m in reversed(found) if m.compared and m.end <= token.first and m.end >= token.before - 14),
            None,
        )
        base = base if bound.attribute in ("multiple", "growth", "change") else None
        self._add(token, bound, metric, concept, period, modality, level, sentence, base)

    def _add(
        self,
        token: Token,
        bound: Bound,
        metric: str,
        concept: str | None,
        period: Period,
        modality: str,
        level: str,
        sentence: str,
        base: Period | None = None,
    ) -> None:
        if bound.negative and token.value > 0:
            token.value = -token.value
        qualifier, ends = interval(token, modality)
        begin, stop = self.document.offsets.span(token.start, token.end)
        line, column = self._place(self.document.offsets.source(token.first))
        text = self.document.text
        self.claims.append(
            Claim(
                id=f"{self.document.path}#{begin}",
                document=self.document.path,
                line=line,
                column=column,
                start=begin,
                end=stop,
                number=self.flat[token.first : token.last],
                number_to=self.flat[token.to[0] : token.to[1]] if token.to else None,
                text=text[begin:stop],
                value=token.value,
                low=ends.low,
                high=ends.high,
                low_open=ends.low_open,
                high_open=ends.high_open,
                step=token.step,
                unit=token.unit or "",
                dimension=token.dimension,
                qualifier=qualifier,
                metric=metric,
                concept=concept,
                attribute=bound.attribute,
                period_start=period.start,
                period_end=period.end,
                modality=modality,
                place=self.document.place,
                scope="·".join(part for part in (level, bound.owner) if part),
                sentence=sentence,
                level=level,
                owner=bound.owner,
                whole=bound.whole,
                basis=bound.basis,
                base=f"{base.start}/{base.end}" if base else None,
                line_to=self._place(self.document.offsets.source(token.to[0]))[0] if token.to else None,
                order=len(self.claims),
                passage=self.passage,
            )
        )

    def _modality(self, token: Token, bound: Bound, start: int, context: _Part) -> str:
        c = cues()
        clause = token.before - len(bound.left)
        if c.strong.search(self.flat, max(start, token.before - 60), token.before):
            return "target"
        if context.plan and not c.done.search(bound.left):
            return "target"
        inherits = self.claims and self.claims[-1].metric == bound.metric and self.claims[-1].passage == self.passage
        if c.estimate.search(self.flat, clause, token.before) or (inherits and self.claims[-1].modality == "estimate"):
            return "estimate"
        listed = self.flat[max(start, token.before - 60) : token.before]
        if c.estimate.search(re.split("[，；,;]", listed)[-1]):
            return "estimate"
        return "actual"

    def _period(
        self,
        token: Token,
        bound: Bound,
        following: Bound | None,
        found: list[Mention],
        metric: str,
        concept: str | None,
        context: _Part,
        modality: str,
    ) -> Period:
        own = [m for m in found if not m.compared and m.end <= token.first]
        own = [m for m in own if not m.inner or m.end >= token.before - len(bound.left)]
        period = own[-1].period if own else context.period
        day = self.document.date
        if (
            modality == "target"
            and (not own or own[-1].relative)
            and day
            and not context.plan
            and period.year < day.year
        ):
            year = str(day.year)
            period = Period(year + period.start[4:], year + period.end[4:], False) if own else years(day.year, day.year)
        rises = following is not None and re.match(
            "[、，]?(?:增加|提高|上升|增长|下降|降低|扩大|减少|降)[到至]", following.left
        )
        if rises and re.search("[从由]$", bound.left):
            period = years(int(period.start[:4]) - 1, int(period.start[:4]) - 1)
        spans_years = not period.one_year
        if spans_years and re.match("[、，]?(?:增加|提高|上升|增长|下降|降低|扩大|减少|降)[到至]", bound.left):
            period = years(period.year, period.year)
        if bound.attribute == "streak" or (bound.attribute in ("multiple", "rank") and spans_years):
            return years(period.year, period.year)
        if period.point:
            return period
        if bound.attribute in ("level", "rate", "share") and self._is_state(metric, concept, bound):
            return Period(period.end, period.end, True)
        return period

    def _is_state(self, metric: str, concept: str | None, bound: Bound) -> bool:
        """Whether a figure describes a state at the end of its period rather than a flow over it."""
        kind = kind_of(concept)
        if kind:
            return kind == "stock"
        c = cues()
        return not c.not_states.search(metric) and bool(c.states.search(metric) or c.states.search(bound.left))

    def _level_of(self, token: Token, start: int, context: _Part) -> str:
        """The tier of administration last named: 市本级 holds until 全市 is named."""
        for m in cues().scopes.finditer(self.flat, start, token.before):
            if _SCOPE_AT.search(self.flat[max(0, m.start() - 2) : m.start()]) or m.start() == start:
                context.scope = cues().scope_of[m[0]]
        return "" if context.scope == self.document.place else context.scope

    def _table(self, rows: list[tuple[int, int]]) -> None:
        if not rows:
            return
        note_start = max(0, rows[0][0] - 120)
        note = self.flat[note_start : rows[0][0]]
        about = self.part.period
        titled = [m for m in self._mentions(note_start, rows[0][0], about.year) if not m.compared]
        scope = next((cues().scope_of[m[0]] for m in reversed(list(cues().scopes.finditer(note)))), self.part.scope)
        named = _budget_names().findall(note)
        budget = _budget_of()[named[-1]] if named else self.part.budget
        self.passage += 1
        for cell in tables.cells(self.flat, rows, note):
            head = list(mentions(cell.head, 0, len(cell.head), about.year, self.document.date))
            period = head[-1].period if head else titled[-1].period if titled else about
            modality = (
                "target" if re.search("预算|计划|目标", cell.head) else "estimate" if "预计" in cell.head else "actual"
            )
            metric = clean(cell.label) or cell.label
            row = self.flat[self.flat.rfind("\n", 0, cell.token.first) + 1 : self.flat.find("\n", cell.token.last)]
            bound = Bound(metric, cell.attribute, owner=_other_budget(metric, budget))
            self._add(cell.token, bound, metric, concept_of(metric), period, modality, scope, row)


@lru_cache(maxsize=1)
def _plan_part() -> re.Pattern[str]:
    return re.compile(any_of(words("cues")["plan_parts"]))


@lru_cache(maxsize=1)
def _past_part() -> re.Pattern[str]:
    return re.compile(any_of(words("cues")["past_parts"]))


@lru_cache(maxsize=1)
def _budget_of() -> dict[str, str]:
    budgets = words("relational")["budget_parts"]["budgets"]
    return {name: budget for budget, names in budgets.items() for name in [budget, *names]}


@lru_cache(maxsize=1)
def _budget_names() -> re.Pattern[str]:
    return re.compile(any_of(_budget_of()))


def _other_budget(metric: str, budget: str) -> str:
    """The budget a figure belongs to, where it is not the general one and its name does not say so."""
    if not budget or budget == next(iter(words("relational")["budget_parts"]["budgets"])):
        return ""
    return (
        ""
        if any(name in metric for name in [budget, *words("relational")["budget_parts"]["budgets"][budget]])
        else budget
    )


def _full_name(metric: str, budget: str) -> str:
    """A bare 收入 or 支出 belongs to the budget that its heading or paragraph speaks of."""
    bare = words("relational")["budget_parts"]["bare"]
    return budget + bare[metric] if budget and metric in bare else metric


@lru_cache(maxsize=1)
def _concepts() -> dict[str, tuple[str, str]]:
    table = {}
    for entry in words("metrics")["metrics"]:
        for name in (entry["id"], *entry.get("aliases", [])):
            table[name] = (entry["id"], entry["kind"])
    return table


@lru_cache(maxsize=100_000)
def concept_of(metric: str) -> str | None:
    """The vocabulary's name for a metric in a source's words; None where the vocabulary does not know it."""
    table = _concepts()
    while metric not in table:
        shorter = _around_concept().sub("", metric)
        if shorter == metric or len(shorter) < 3:
            return None
        metric = shorter
    return table[metric][0]


@lru_cache(maxsize=1)
def _around_concept() -> re.Pattern[str]:
    """What may stand around the name of an indicator without changing its meaning; one piece at a time."""
    c = words("cues")
    return re.compile(f"^{any_of([*c['neutral_verbs'], *cues().scope_of])}|{any_of(c['neutral_ends'])}$")


@lru_cache(maxsize=1)
def _kinds() -> dict[str, str]:
    return {entry["id"]: entry["kind"] for entry in words("metrics")["metrics"]}


def kind_of(concept: str | None) -> str | None:
    """flow, stock, rate or index, for a concept of the vocabulary."""
    return _kinds().get(concept) if concept else None

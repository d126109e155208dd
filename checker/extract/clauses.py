"""Bind a quantity to what it measures, from the words around it: metric, attribute, whole, owner, sign, basis.

Chinese reports put the name of a figure in front of it (减免税费18.5亿元), behind a verb and the number
(完成236个老旧小区改造), or leave it out where it was just said (…773亿元，同比增长1.2%). Patterns over words, in
rules/vocabulary/clauses.yaml, say which reading fits; what a reading means is a function here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from msgspec import Struct

from checker.extract import lists
from checker.extract.grammar import Patterns, compile_patterns, readings
from checker.extract.lexer import TEXT, Span, Word
from checker.extract.lists import NO_LEAD, Lead
from checker.extract.names import (
    LONGEST,
    Naming,
    balanced,
    begins_name,
    clean,
    edges,
    leading_verb,
    list_head,
    name_before,
    name_behind,
    place_before,
    plain_name,
    relational_only,
    said,
    says_nothing,
    verb_only,
    whole_before,
    without_brackets,
)
from checker.extract.quantities.token import Token
from checker.vocabulary import any_of

# How many words in front of and behind a figure belong to it.
REACH_LEFT, REACH_RIGHT = 40, 24
AMOUNTS = ("money", "thing", "amount")
PROPORTIONS = ("percent", "doubling")
POINTS = ("point",)
MONEY = (
    *("money", "usd", "hkd", "eur", "jpy", "gbp", "mop", "sdr", "twd", "rub", "krw", "aud", "cad", "nzd", "chf"),
    *("sgd", "thb", "inr", "myr", "vnd", "kzt", "sar", "aed"),
)
THINGS = ("count", "households", "people", "length")


@dataclass(frozen=True, slots=True)
class Clauses:
    """The grammar of clauses: how names are cut, and the patterns that say what a figure is.

    `beside` is the letter that stands for the figure before, where the words begin right behind it.
    """

    naming: Naming
    patterns: Patterns
    bases: Mapping[str, frozenset[str]]
    based: re.Pattern[str]
    down: frozenset[str]
    press: frozenset[str]
    amounts: frozenset[str]
    shares: tuple[str, ...]
    rates: tuple[str, ...]
    looking_back: frozenset[str]
    triples: Mapping[str, Sequence[str]]
    beside: str
    words: Mapping[str, str]
    losses: Mapping[str, str]
    tenths: frozenset[str]
    times: frozenset[str]
    separators: tuple[frozenset[str], ...]
    states: re.Pattern[str]
    flows: re.Pattern[str]
    empty: frozenset[str]
    ordinals: frozenset[str]
    groups: tuple[str, ...]
    ranked: re.Pattern[str]
    plans: tuple[str, ...]
    plan_ends: tuple[str, ...]
    parts_open: re.Pattern[str]
    coverage: re.Pattern[str]
    of_subject: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    toward: frozenset[str]
    extremes: tuple[str, ...]
    belongings: frozenset[str]
    grades: re.Pattern[str]
    aim: re.Pattern[str]
    moved_by: frozenset[str]
    circumstance: re.Pattern[str]
    listing: lists.Listing


def compile_clauses(clauses: dict[str, Any], cues: dict[str, Any], naming: Naming, listing: lists.Listing) -> Clauses:
    return Clauses(
        naming,
        compile_patterns(clauses["patterns"], naming.lexer),
        {basis: frozenset(group) for basis, group in cues["bases"].items()},
        re.compile(any_of(word for group in cues["bases"].values() for word in group)),
        frozenset([*cues["down"], *cues["lower"]]),
        frozenset(cues["press"]),
        frozenset(cues["amounts"]),
        tuple(clauses["kinds"]["named_share"]),
        tuple(cues["rate"]),
        frozenset(clauses["looking_back"]),
        cues["triples"],
        naming.lexer.letter("figure"),
        clauses["wording"],
        clauses["losses"],
        frozenset(clauses["tenths"]),
        frozenset(clauses["times"]),
        tuple(map(frozenset, cues["list_separators"])),
        re.compile(any_of(cues["states"])),
        re.compile(any_of(cues["not_states"])),
        frozenset(clauses["kinds"]["empty"]),
        frozenset(clauses["ordinals"]),
        tuple(clauses["groups"]),
        re.compile(any_of(word for word in cues["rank"] if word not in clauses["kinds"]["streak_before"])),
        tuple(sorted(cues["plans"], key=len, reverse=True)),
        tuple(clauses["kinds"]["plan_end"]),
        re.compile("|".join(entry["pattern"] for entry in clauses["parts_open"])),
        re.compile(clauses["coverage"]["pattern"]),
        tuple((re.compile(entry["pattern"]), re.compile(entry["of"])) for entry in clauses["of_subject"]),
        frozenset(clauses["toward"]),
        tuple(clauses["kinds"]["extreme"]),
        frozenset(clauses["belongings"]),
        re.compile(clauses["grades"]["pattern"]),
        re.compile(clauses["aim"]["pattern"]),
        frozenset(clauses["moved_by"]),
        re.compile(clauses["circumstance"]["pattern"]),
        listing,
    )


class Bound(Struct):
    """What the words around a quantity say of it.

    `left` and `right` are these words, `before` those in front one by one, of which the pattern takes the
    last `taken`. `fulfils` marks how far a plan was carried out, `is_whole` an amount that a
    share is taken of, `named_behind` a name taken from behind the number, with its `verb`. `how` says whether the
    metric was stated beside the figure or carried from before; `reading` is the pattern that was taken, `passed` those
    that fitted too. `run` are the figures of the list that it is in, by their numbers in the sentence; `item` is which
    of them it is where nothing else tells it apart.
    """

    metric: str = ""
    attribute: str = "level"
    whole: str | None = None
    owner: str = ""
    negative: bool = False
    basis: str = ""
    fulfils: bool = False
    is_whole: bool = False
    named_behind: bool = False
    verb: str = ""
    left: str = ""
    right: str = ""
    how: str = "stated"
    place: str = ""
    place_carried: bool = False
    before: Sequence[Word] = ()
    taken: int = 0
    reading: str = ""
    passed: tuple[str, ...] = ()
    run: range | None = None
    item: int = 0


class Subject(Struct):
    """What a sentence is talking about, for figures that leave their name out.

    `head` is the last thing counted, `listed` the names of the last list, `recent` those of all levels so far; `plan`
    tells that the figure just before was planned. `earlier` is what the sentence before is about, `lead` that of which
    parts are told, and `main` what the sentence is about before it turns to parts. `before` is what stands in front of
    the sentence, `topic` the market or price that it tells of. `members` tell whose the figures of the last list were,
    `told` what was said of them.
    """

    metric: str = ""
    head: str = ""
    listed: list[str] = []
    recent: list[str] = []
    plan: bool = False
    place: str = ""
    terms: int = 0
    earlier: str = ""
    lead: Lead = NO_LEAD
    parts: bool = False
    unit: str = ""
    main: list[Lead] = []
    before: str = ""
    topic: str = ""
    members: list[str] = []
    told: list[Bound] = []
    last: Bound | None = None

    def lead_of_next(self) -> Lead:
        """That of which the next sentence may tell parts: of which this one does, or what this one is about alone."""
        if self.parts and not self.main:
            return self.lead
        names = {lead.metric for lead in self.main}
        return max(self.main, key=lambda lead: len(lead.unit)) if len(names) == 1 else NO_LEAD


class Wording(NamedTuple):
    """A sentence as words: which of them are figures, for closing brackets where they open, which figures stand inside
    of brackets, and the places that it names.
    """

    words: list[Word]
    figures: list[int]
    opened_at: dict[int, int]
    inside: set[int]
    places: list[str]


class Around(Struct):
    """A figure and the words around it."""

    token: Token
    kind: str
    left: list[Word]
    right: list[Word]
    uses: list[Word]
    beside: bool
    leads_on: bool
    known: Clauses
    subject: Subject
    joined: bool = False
    taken: Mapping[str, list[Word]] = {}
    matched: list[Word] = []


def figure_kind(token: Token, known: Clauses) -> str:
    """What a figure is to the patterns."""
    if token.kind in ("streak", "rank", "ratio"):
        return token.kind
    dimension = token.dimension
    if token.unit in known.times:
        return "times"
    if dimension in PROPORTIONS:
        return "tenth" if token.unit in known.tenths else "percent"
    if dimension in POINTS:
        return "point"
    if dimension in MONEY:
        return "money"
    return "thing" if dimension in THINGS else "amount"


def wording_of(
    text: str,
    start: int,
    end: int,
    spans: Sequence[Span],
    figures: Sequence[Span],
    periods: Sequence[Span],
    known: Naming,
) -> Wording:
    """A sentence as words, where its words, figures and periods are known."""
    words: list[Word] = []
    counted: list[int] = []
    opened: list[int] = []
    opened_at: dict[int, int] = {}
    inside: set[int] = set()
    lexer = known.lexer
    between, marking = lexer.letter(TEXT), known.marking
    opening, closing = lexer.kinds["open"], lexer.kinds["close"]
    at = start
    for first, last, word in _merged(text, spans, _in_order(figures, periods), known):
        if word.letter not in known.figures and (first < at or last > end):
            continue
        first = max(first, at)  # each figure is a word, though a sentence may be cut within it
        if first > at:
            words.append(Word(between, text[at:first]))
        letter = word.letter
        if letter in marking:
            if letter in opening:
                opened.append(len(words))
            elif letter not in closing:
                counted.append(len(words))
                if opened:
                    inside.add(len(words))
            elif opened:
                opened_at[len(words)] = opened.pop()
        words.append(word)
        at = last
    if at < end:
        words.append(Word(between, text[at:end]))
    located = lexer.kinds["place"]
    return Wording(words, counted, opened_at, inside, [word.text for word in words if word.letter in located])


def _in_order(figures: Sequence[Span], periods: Sequence[Span]) -> list[Span]:
    """Figures and periods in order, without the periods that a figure overlaps."""
    if not periods:
        return sorted(figures)
    found = list(figures)
    for period in periods:
        start, end, _ = period
        for first, last, _ in figures:
            if first < end and start < last:
                break
        else:
            found.append(period)
    found.sort()
    return found


def _merged(text: str, spans: Sequence[Span], others: Sequence[Span], known: Naming) -> list[Span]:
    """Words, figures, periods and places in order. Where they overlap a figure stays, and what a word says on behind
    it; a period belongs to the word that begins before it (比上年12月) or is longer (全年计划).
    """
    lexer, figures = known.lexer, known.figures
    merged: list[Span] = []
    at, count = 0, len(spans)
    period, place = lexer.kinds["period"], lexer.kinds["place"]
    for start, end, found in others:
        while at < count and spans[at][0] < start:
            first, last, word = spans[at]
            if last <= start:
                merged.append(spans[at])
            elif found.letter in period:
                start, end = first, max(end, last)
                found = Word(word.letter, text[start:end])
            elif found.letter in place and text[first:start] in known.joins:
                merged.append((first, start, lexer.words(text[first:start])[0]))  # 和平沐区: 和平 is none
            elif found.letter not in figures:
                start, end, found = spans[at]  # 其中非金融部门: 中非 is no place in it
            at += 1
        if found.letter not in figures and at < count and spans[at][0] == start and spans[at][1] > end:
            end, found = spans[at][1], spans[at][2]  # 全年计划 is one word
        merged.append((start, end, found))
        while at < count and spans[at][0] < end:
            last = spans[at][1]
            if last > end:
                merged += [(end + first, end + behind, word) for first, behind, word in lexer.spans(text[end:last])]
            at += 1
    merged.extend(spans[at:])
    return merged


def bind(
    sentence: Wording, tokens: Sequence[Token], kinds: Sequence[str], subject: Subject, known: Clauses
) -> list[Bound]:
    """Bind the quantities of one sentence, of these kinds, in order; `subject` is carried along and updated."""
    bounds: list[Bound] = []
    runs = _runs(sentence, tokens, known)
    named: dict[int, _Named] = {}
    for i, token in enumerate(tokens):
        at = sentence.figures[i]
        before = bounds[-1] if bounds else None
        left, beside = _left(sentence, at, before, known.naming)
        right, leads_on = _right(sentence, at, known.naming)
        clause = _clause_before(sentence, at, known.naming)
        if i in runs and (found := _items(runs[i], left, beside, sentence, tokens, subject, known, clause)):
            named |= _named_items(runs[i], found, known)
            subject.listed, subject.members = (found.names, found.members) if found.apart else ([], [])
        around = Around(
            token,
            kinds[i],
            left,
            right,
            _uses(sentence, at, known.naming),
            beside,
            leads_on,
            known,
            subject,
            _joined(sentence, at, known.naming),
        )
        if i in named:
            _take_item(around, named[i], sentence)
        if not left and at in sentence.inside and around.kind in AMOUNTS:
            around.left = _before_bracket(sentence, at, known.naming)  # 双创园项目（9.88亿元）
        _open_parts(sentence, i, subject, known)
        if _unread(clause):
            subject.metric = _name_of_clause(clause, known.naming) or subject.metric
        bound = _read(around)
        _locate(bound, around, sentence, i)
        bound.metric = known.circumstance.sub("", plain_name(bound.metric, known.naming))
        if names_nothing(bound.metric, known.naming):
            _name_from_before(bound, _name_of_clause(clause, known.naming), around)
            bound.metric = known.circumstance.sub("", plain_name(bound.metric, known.naming)) or bound.metric
        _complete_part(bound, around)
        _say_whose(bound, around, _name_of_clause(clause, known.naming))
        bound.metric = balanced(bound.metric, behind=bound.named_behind)
        _own(bound, clause, around)
        bounds.append(bound)
        if i in named:
            bound.run, bound.item = named[i].run, 0 if named[i].apart else named[i].number + 1
            if i == named[i].run[-1]:
                subject.told = bounds[named[i].run[0] :]
        if at not in sentence.inside:
            _move_on(around, bound)
    return bounds


def _open_parts(sentence: Wording, i: int, subject: Subject, known: Clauses) -> None:
    """Note of what parts are told from this figure on (其中, 分行业看, 在出口总额中)."""
    first, at = sentence.figures[i - 1] + 1 if i else 0, sentence.figures[i]
    opened = known.parts_open.search("".join([word.text for word in sentence.words[first:at]]))
    if not opened:
        return
    again, subject.parts = bool(opened["again"]) and subject.parts, True
    if whole := opened["whole"]:
        lexer = known.naming.lexer
        words = [word for word in lexer.words(whole) if word.letter not in lexer.kinds["year"]]
        name = said(clean(words, known.naming))
        unit = next((lead.unit for lead in (*subject.main, subject.lead) if lead.metric == name), "")
        subject.lead = Lead(name, unit)
    elif i and subject.metric and not again:
        subject.lead = Lead(subject.metric, subject.unit)


def _complete_part(bound: Bound, around: Around) -> None:
    """Say of a part what is measured of its whole (房地产开发投资…，其中住宅: 住宅投资), and what that covers."""
    subject, known = around.subject, around.known
    grade = edges("".join([word.text for word in around.left]))
    if subject.parts and around.kind == "thing" and known.grades.fullmatch(grade):
        bound.metric, bound.how = grade, "stated"  # 其中国家级3个、省级5个
    if not subject.parts or not subject.lead.metric or bound.attribute not in ("level", "growth", "rate"):
        return
    if bound.how != "stated" or bound.named_behind or bound.fulfils or bound.is_whole or not bound.metric:
        return
    alike = around.token.unit == subject.lead.unit or (not subject.lead.unit and around.kind == "money")
    if bound.attribute == "level" and not alike:
        return
    if leading_verb(known.naming.lexer.words(bound.metric), known.naming):
        return
    bound.metric = lists.part_of(bound.metric, subject.lead.metric, known)
    covered = known.coverage.match(subject.lead.metric)
    if covered and not bound.owner and not known.coverage.match(bound.metric):
        bound.owner = covered[0]


def _stem(subject: str, end: str, name: str, known: Clauses) -> str:
    """What a subject is without its end, and without what another name for the same begins with."""
    stem = subject.removesuffix(end)
    stem = stem.partition(name[0])[0] if name[0] in known.toward else stem
    return next((stem.removesuffix(extreme) for extreme in known.extremes if stem.endswith(extreme)), stem)


def _say_whose(bound: Bound, around: Around, clause: str) -> None:
    """Whose a figure is: in its name, where that says nothing without its subject; else what was counted before it.

    `clause` is what a clause without figures right before it is about.
    """
    subject, known, name = around.subject, around.known, bound.metric
    for pattern, of in known.of_subject:
        whose = clause or subject.metric if of.groups else subject.metric
        if whose and pattern.search(name) and (m := of.search(whose)):
            end = m["end"] if of.groups else list_head(whose, known.naming)
            bound.metric = _stem(whose, end, name, known) + name
            break
    else:
        covered = known.coverage.match(subject.metric or subject.earlier)
        if covered and covered["who"] and name in known.naming.relational:
            bound.metric = covered[0] + name  # 规模以上工业企业营业收入增长2%，利润总额增长4%
    last = subject.last
    if last and not bound.owner and bound.how == "carried" and bound.metric == last.metric:
        bound.owner = last.owner
    elif bound.metric in known.belongings and not bound.owner:
        bound.owner = subject.head


def _own(bound: Bound, clause: Sequence[Word], around: Around) -> None:
    """Tell whose a figure is that says nothing without its market or price (日均成交, 最低), and go on about that."""
    listing, subject = around.known.listing, around.subject
    if listing.needs.fullmatch(bound.metric):
        topic = subject.topic or listing.traded.sub("", subject.earlier) or _topic_before(around)
        bound.owner = topic + _name_of_clause(clause, around.known.naming)
    elif bound.metric and bound.attribute in ("level", "growth", "rate") and not bound.fulfils:
        subject.topic = listing.traded.sub("", bound.metric)


def _topic_before(around: Around) -> str:
    """What the sentence before begins with (股票市场成交活跃，…。累计成交…)."""
    last = _SENTENCE_END.split(around.subject.before.rstrip())[-2:]
    clauses = _CLAUSE_END.split(last[0]) if len(last) > 1 else []
    clause = next((each for each in clauses if len(each) >= _TELLING and not _DIGIT.search(each)), "")
    known = around.known
    return known.listing.traded.sub("", _name_of_clause(known.naming.lexer.words(clause), known.naming))


# A clause of fewer characters is no more than a time (前三季度，…).
_TELLING = 6
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile("[。！？]")
_CLAUSE_END = re.compile("[，；：,;:]")


class _Run(NamedTuple):
    """Figures in a row: the numbers of those of each item (1欧元兑7.1元 has two), and the words of its own."""

    groups: list[list[int]]
    own: list[list[Word]]

    @property
    def range(self) -> range:
        return range(self.groups[0][0], self.groups[-1][-1] + 1)


class _Named(NamedTuple):
    """The item of a list that a figure is of: its name, if that tells it apart, and the words up to the figure."""

    number: int
    name: str
    tail: list[Word]
    apart: bool
    run: range


def _items(
    run: _Run,
    left: list[Word],
    beside: bool,
    sentence: Wording,
    tokens: Sequence[Token],
    subject: Subject,
    known: Clauses,
    clause: Sequence[Word],
) -> lists.Items | None:
    """What the figures of a run are of; None where they are of no list."""
    count, first = len(run.groups), run.groups[0][0]
    respectively = any(word.letter in known.naming.lexer.kinds["respectively"] for word in left)
    if not lists.is_list(left, count, known) or (any(run.own) and not respectively):
        return None
    if respectively and beside:
        left = _terms_before(sentence, sentence.figures[first], left, known)
    if respectively and beside and first and tokens[first - 1].value == count:
        words = sentence.words[: sentence.figures[first - 1]]
        before = subject.before + "".join([word.text for word in words])
        if found := lists.counted(left, before, count, known):
            return found
    return lists.items(left, count, subject, known, sentence.places, clause)


def _terms_before(sentence: Wording, at: int, left: list[Word], known: Clauses) -> list[Word]:
    """The words in front of a figure, back over others that only say how long something runs (7天和14天回购利率)."""
    words, naming, first = sentence.words, known.naming, at - len(left)
    while first and (
        words[first - 1].letter not in naming.ending or known.listing.term.fullmatch(words[first - 1].text)
    ):
        first -= 1
    return lists.terms_as_names(words[first:at], known)


def _named_items(run: _Run, found: lists.Items, known: Clauses) -> dict[int, _Named]:
    """By the number of each figure of a run the item that it is of."""
    changing, named = known.naming.changing, dict[int, _Named]()
    for number, (group, name) in enumerate(zip(run.groups, found.names, strict=True)):
        own = run.own[number]
        tail = [*(word for word in found.tail if word.letter not in changing), *own] if own else found.tail
        named |= {i: _Named(number, name, tail, found.apart, run.range) for i in group}
    return named


def _take_item(around: Around, item: _Named, sentence: Wording) -> None:
    """Take the name of an item for that of its figure; of a second row of figures the first row tells it."""
    subject, known = around.subject, around.known.naming
    if item.apart and any(item.name.startswith(place) for place in sentence.places):
        subject.place = ""  # 美国、欧元区和日本: of each figure its own
    rises = bool(item.tail) and item.tail[0].letter in known.lexer.kinds["rises_to"]
    if rises and len(subject.told) == len(item.run):
        # 分别从5.2%和6.6%降至2.7%和3.6%
        subject.last = subject.told[item.number]
        around.left, around.beside = item.tail, True
    else:
        around.left, around.beside = [*_relexed(item.name, sentence, known), *item.tail], False


def _name_from_before(bound: Bound, clause: str, around: Around) -> None:
    """The name of a figure that has none: what the clause or the sentence before is about, and its own verb."""
    name, known = clause or around.subject.metric, around.known.naming
    own = bound.attribute == "share" or verb_only(known.lexer.words(bound.metric), known)
    verb = bound.metric if own and bound.attribute in ("level", "share") else ""
    if not name and around.left and not verb:
        name = around.subject.earlier
    bound.metric = name if verb in name else name + verb
    bound.how = "carried"
    if not name:
        bound.metric = ""


def _relexed(name: str, sentence: Wording, known: Naming) -> list[Word]:
    """A name of a list as words again; a place that it begins with is one."""
    place = next((place for place in sentence.places if name.startswith(place)), "")
    first = [Word(known.lexer.letter("place"), place)] if place else []
    return [*first, *known.lexer.words(name[len(place) :])]


def _locate(bound: Bound, around: Around, sentence: Wording, i: int) -> None:
    """The place of a figure: that of its own name, or that of the figure before, down to a ； or a word like 全省."""
    kinds, subject = around.known.naming.lexer.kinds, around.subject
    if not sentence.places and not subject.place:
        return
    bound.place = place_before(around.left, around.known.naming)
    if bound.place:
        subject.place = bound.place
        return
    since = sentence.words[sentence.figures[i - 1] if i else 0 : sentence.figures[i]]
    if any(word.letter in kinds["scope"] or word.text in _PARTS for word in since):
        subject.place = ""
    bound.place, bound.place_carried = subject.place, bool(subject.place)


_PARTS = ("；", ";")


# ---- the words of a figure


def _runs(sentence: Wording, tokens: Sequence[Token], known: Clauses) -> dict[int, _Run]:
    """Where figures follow one another with nothing but 、 or 和 between, or a change (升值3.8%、贬值1.3%)."""
    runs: dict[int, _Run] = {}
    run = _Run([], [])
    words, figures = sentence.words, sentence.figures
    for i, token in enumerate(tokens):
        between = words[figures[i - 1] + 1 : figures[i]] if i else []
        if run.groups and len(between) == 1 and between[0].text in known.listing.exchange:
            run.groups[-1].append(i)
            continue
        own = _own_words(between, known.naming) if run.groups else None
        if own is None or token.kind == "ratio":
            run = _Run([], [])
        run.groups.append([i])
        run.own.append(own or [])
        if len(run.groups) == 2:
            runs[run.groups[0][0]] = run
    return runs


def _own_words(between: Sequence[Word], known: Naming) -> list[Word] | None:
    """The words of its own that a figure has behind what joins it to the one before; None where nothing does."""
    joint = known.lexer.kinds["and"]
    if not between or between[0].letter not in joint:
        return None
    own = list(between[1:])
    while own and own[0].letter in joint:
        own.pop(0)
    return own if len(own) <= 2 and all(word.letter in known.changing for word in own) else None


def _left(sentence: Wording, at: int, before: Bound | None, known: Naming) -> tuple[list[Word], bool]:
    """The words in front of a figure, back to the figure before it or to the beginning of the clause, without what
    stands in brackets; and whether it is that figure that they begin behind.
    """
    words, kinds = sentence.words, known.lexer.kinds
    ending, opened_at = known.ending, sentence.opened_at
    found: list[Word] = []
    beside, j = False, at - 1
    while j >= 0 and len(found) < REACH_LEFT:
        word = words[j]
        if j in opened_at:
            if _within_name(words, opened_at[j], j, found, known):
                found += reversed(words[opened_at[j] : j + 1])
            j = opened_at[j] - 1
            continue
        if word.letter in ending:
            beside = word.letter in known.figures
            break
        found.append(word)
        j -= 1
    found.reverse()
    if beside and (item := next_item(found, known)):
        return found[item:], False
    if beside and found and found[0].letter in kinds["of"]:
        # 近400万平方米的修复工程、总长度6.7公里的公园: what follows 的 belongs to the figure before
        cut = next((k for k, word in enumerate(found) if word.text == _LISTING), None)
        found = found if cut is None else found[cut + 1 :]
    if beside and before and before.named_behind and not _verb_behind(sentence, at, known):
        return [], True  # 15个部门117个事项: 部门 is the name of the figure before
    return found, beside


_LISTING = "、"


def _within_name(words: Sequence[Word], opened: int, closed: int, found: Sequence[Word], known: Naming) -> bool:
    """Whether a bracket stands within a name (国有资产（资源）有偿使用收入).

    `found` are the words behind it, the last first.
    """
    kinds = known.lexer.kinds
    inside = words[opened + 1 : closed]
    short = inside and sum(len(word.text) for word in inside) <= _LONGEST_BRACKET
    if not (opened and found and short) or words[opened - 1].letter in known.ending:
        return False
    if inside[0].letter in known.leading or any(
        word.letter in known.ending or word.letter in kinds["period"] for word in inside
    ):
        return False
    return found[-1].letter not in known.behind_names


# What stands in a bracket within a name is no longer than this.
_LONGEST_BRACKET = 8


def _joined(sentence: Wording, at: int, known: Naming) -> bool:
    """Whether a figure is one more of a list, with nothing but its sign in front (新建5所学校、3所医院)."""
    return at > 0 and sentence.words[at - 1].letter in known.lexer.kinds["and"]


def _before_bracket(sentence: Wording, at: int, known: Naming) -> list[Word]:
    """The words right before the bracket that a figure is the first in; none where that is another figure."""
    words, kinds = sentence.words, known.lexer.kinds
    if words[at - 1].letter not in kinds["open"]:
        return []
    first = at - 1
    ends = kinds["stop"] | kinds["open"] | ((kinds["lead"] & kinds["reach"]) - kinds["of"])  # 包括甲项目（9.8亿元）
    while first and words[first - 1].letter not in ends and words[first - 1].text != _LISTING:
        first -= 1
        if words[first].letter in known.figures or words[first].letter in kinds["close"]:
            return []
    return words[first : at - 1]


def _verb_behind(sentence: Wording, at: int, known: Naming) -> bool:
    following = sentence.words[at + 1 : at + 2]
    return not following or verb_only(following, known)


def _right(sentence: Wording, at: int, known: Naming) -> tuple[list[Word], bool]:
    """The words behind a figure, up to the next figure or to the end of the clause, without what stands in brackets
    where they say something without it; and whether they lead on to the next figure.
    """
    words, kinds = sentence.words, known.lexer.kinds
    closing, opening = kinds["close"], kinds["open"]
    found: list[Word] = []
    bracketed: list[Word] = []
    depth, leads_on = 0, False
    for word in words[at + 1 : at + 1 + REACH_RIGHT]:
        letter = word.letter
        if letter in closing:
            if not depth:
                break
            depth -= letter not in opening
            bracketed.append(word)
        elif depth or letter in opening:
            depth += letter in opening
            bracketed.append(word)
        elif letter in known.figures:
            item = next_item(found, known)
            leads_on = not item and bool(found) and found[-1].letter in known.onward
            found = found[: item - 1] if item else found
            break
        elif letter in kinds["stop"]:
            break
        else:
            found.append(word)
    short = len(found) == 1 and len(found[0].text) == 1
    return ([*found, *bracketed] if short else found), leads_on


def _uses(sentence: Wording, at: int, known: Naming) -> list[Word]:
    """What an amount is for, where the next words say so."""
    words, stop, use = sentence.words, known.lexer.kinds["stop"], known.lexer.kinds["use"]
    first = at + 1
    if first < len(words) and words[first].letter in stop:
        first += 1
    if first >= len(words) or words[first].letter not in use:
        return []
    following = words[first : first + REACH_RIGHT]
    ends = (k for k, word in enumerate(following) if word.letter in stop or word.letter in known.figures)
    return following[: next(ends, len(following))]


def next_item(between: Sequence[Word], known: Naming) -> int:
    """Where the words of the next figure begin, behind the name of the one before; 0 if that is unclear.

    运作770个重大项目、完成投资2600亿元: behind the 、, since a verb or a bare head follows it.
    """
    cut = next((k for k in range(len(between) - 1, 0, -1) if between[k].text == _LISTING), 0)
    if not cut or sum(len(word.text) for word in between[:cut]) < 2 or cut + 1 == len(between):
        return 0
    kinds = known.lexer.kinds
    following = between[cut + 1].letter
    return cut + 1 if following in kinds["verb"] | kinds["bare"] | kinds["total"] else 0


def _clause_before(sentence: Wording, at: int, known: Naming) -> list[Word]:
    """The words of the clause before that of a figure; none where it states a figure."""
    words, stop = sentence.words, known.lexer.kinds["stop"]
    last = at - 1
    while last > 0 and words[last].letter not in stop:
        last -= 1
    first = last
    while first > 0 and words[first - 1].letter not in stop:
        first -= 1
        if words[first].letter in known.figures:
            return []
    return words[first:last] if last > 0 else []


def _name_of_clause(clause: Sequence[Word], known: Naming) -> str:
    """The name in a clause without figures (中长期贷款增长较快，比年初增加5.0万亿元)."""
    name = _without_number(name_before(clause, known), known)
    while name and name[-1].letter in known.lexer.kinds["predicate"]:
        name.pop()
    return "" if verb_only(name, known) else without_brackets(said(name))[-MOST_OF_CLAUSE:]


def _unread(clause: Sequence[Word]) -> bool:
    """Whether a clause ends with a number of which the unit is not known."""
    return bool(clause) and _NO_FIGURE.search("".join([word.text for word in clause[-3:]])) is not None


# A clause that serves as a name is cut to its last characters.
MOST_OF_CLAUSE = 20


def _without_number(name: list[Word], known: Naming) -> list[Word]:
    """A name without numbers at its end of which the unit is not known (日经225指数收于17288点)."""
    while name and (bare := _NO_FIGURE.sub("", name[-1].text)) != name[-1].text:
        name = name_before([*name[:-1], *known.lexer.words(bare)], known)
    return name


_NO_FIGURE = re.compile(r"(?<![A-Za-z\d.])\d[\d.,]*\D{0,2}$")


# ---- what they say


def _read(around: Around) -> Bound:
    """The reading of a figure that weighs most among those that fit and make sense."""
    left, right, known = around.left, around.right, around.known
    letters = "".join([word.letter for word in reversed(left)])
    if around.beside:
        letters += known.beside
    fitting = readings(known.patterns, around.kind, letters, "".join([word.letter for word in right]))
    words_left, words_right = "".join([word.text for word in left]), "".join([word.text for word in right])
    count, names = len(left), dict[int, list[Word]]()
    for reading in fitting:
        bound = Bound(left=words_left, right=words_right)
        rest = max(count - reading.length, 0)
        around.matched = left[rest:]
        around.taken = {
            name: left[max(count - last, 0) : max(count - first, 0)] for name, (first, last) in reading.named.items()
        }
        if rest not in names:
            names[rest] = name_before(left[:rest], known.naming)
        if _MEANINGS[reading.pattern.name](around, names[rest], bound):
            bound.reading, bound.before, bound.taken = reading.pattern.name, left, count - rest
            bound.passed = reading.passed
            return bound
    raise AssertionError("the last pattern fits every figure")


def _subject(around: Around) -> str:
    return around.subject.metric


def _named(bound: Bound, name: Sequence[Word], around: Around) -> str:
    """A name, or that which the sentence is about where there is none."""
    text = said(name)
    if not text and around.subject.metric:
        bound.how = "carried"
    return text or around.subject.metric


def _rises_to(around: Around, _name: list[Word], bound: Bound) -> bool:
    last = around.subject.last
    if not last:
        return False
    bound.metric, bound.attribute, bound.whole, bound.owner = last.metric, last.attribute, last.whole, last.owner
    bound.how = "carried"
    return True


def _streak(around: Around, _name: list[Word], bound: Bound) -> bool:
    """连续5年荣获…: what has been going on for so long, up to the end of the clause."""
    known = around.known.naming
    ongoing = said(clean([*around.right], known))
    left = list(around.left)
    who = said(clean([word for word in left if not known.lexer.of_kind("streak_before", word)], known))
    bound.attribute, bound.owner = "streak", who
    if verb_only(known.lexer.words(ongoing), known) or names_nothing(ongoing, known):
        who = who or around.subject.metric
        stays = all(word.letter in known.reaching for word in known.lexer.words(ongoing))
        bound.metric, bound.owner = (who if stays else who + ongoing), ""  # 粮食产量连续六年增产, 连续两年为100%
    else:
        bound.metric = ongoing
        if around.known.ranked.match(ongoing):
            # 茶叶出口额4.6亿元，连续12年居全省首位: what holds the rank is what the sentence is about.
            alone = not who or who in known.relational or verb_only(known.lexer.words(who), known)
            bound.owner = around.subject.metric + (who if who in known.relational else "") if alone else who
    return True


def _moved(around: Around, _name: list[Word], bound: Bound) -> bool:
    """居全省第8位，较上年前移3位: by how many places a rank has moved."""
    known, last = around.known, around.subject.last
    if not last or last.attribute != "rank" or around.token.unit not in known.moved_by:
        return False
    bound.metric, bound.whole, bound.attribute, bound.how = last.metric, last.whole, "change", "carried"
    falls = known.naming.lexer.kinds["falls_back"] | known.naming.lexer.kinds["below"]
    bound.negative = any(word.letter in falls or word.text in known.down for word in around.matched)
    return True


def _rank(around: Around, _name: list[Word], bound: Bound) -> bool:
    """居全省第3位: what is ranked, and among whom."""
    known, subject = around.known, around.subject.metric
    text = "".join(word.text for word in around.left)
    last = around.subject.last
    if last and last.attribute == "rank" and not edges(text).removesuffix(known.words["nth"]):
        bound.metric, bound.whole, bound.attribute, bound.how = last.metric, last.whole, "rank", "carried"
        return True
    verbs = list(known.ranked.finditer(text))
    name, whole = (text[: verbs[-1].start()], text[verbs[-1].end() :]) if verbs else (text, "")
    whole, name = whole.removesuffix(known.words["nth"]), name.removesuffix(known.words["nth"])
    if not whole and known.words["ranked_in"] in name:
        name, _, whole = name.rpartition(known.words["ranked_in"])
    bound.whole = edges(whole) or None
    named = said(name_before(known.naming.lexer.words(name), known.naming))
    if not named and last and last.attribute in ("share", "rate") and not last.fulfils:
        named = last.metric  # 优良天数338天，优良天数比例92.3%，居全省第4位
    elif len(named) <= 2 or named in known.naming.relational:
        named = subject + named
    around.subject.metric = subject or named
    bound.metric = known.words["rank"].format(name=named, whole=edges(whole)) if named else ""
    bound.attribute = "rank"
    return True


def _ratio(around: Around, _name: list[Word], bound: Bound) -> bool:
    subject = around.subject
    name = said(name_before(around.left, around.known.naming))
    # 三次产业结构由11.9:52.7:35.4调整为15.1:48.7:36.2: words begin another row of terms.
    subject.terms = 1 if around.left else subject.terms + 1
    subject.metric = name or subject.metric
    bound.metric = lists.one_of_three(subject.metric, subject.terms, around.known)
    bound.attribute = "share"
    return True


def _outcome(name: str, known: Clauses) -> str:
    """What a plan is of (政府性基金收入预算: 政府性基金收入)."""
    plan = next((plan for plan in known.plans if name.endswith(plan)), "")
    return name.removesuffix(plan) + next((end for end in known.plan_ends if plan.startswith(end)), "")


def _multiple(around: Around, name: list[Word], bound: Bound) -> bool:
    bound.metric, bound.attribute = _named(bound, name, around), "multiple"
    return True


def _fulfilled(around: Around, name: list[Word], bound: Bound) -> bool:
    of = _outcome(_named(bound, name, around), around.known)
    if not of:
        return False
    words = around.known.words
    bound.metric, bound.attribute = words["fulfilled"].format(name=of), "rate"
    bound.whole, bound.fulfils = words["budget"], True
    return True


def _of_the_figure(around: Around, name: list[Word], bound: Bound) -> bool:
    """A percentage of the figure right before it: of a plan how far it was fulfilled, of a whole the share."""
    subject = around.subject
    if subject.plan and subject.metric:
        return _fulfilled(around, [], bound)
    if subject.last and subject.last.is_whole and around.kind in ("percent", "tenth"):
        # 税收收入68.3亿元，占一般公共预算收入98.6亿元的69.3%
        whole = subject.last.metric
        bound.attribute, bound.whole, bound.how = "share", whole, "carried"
        bound.metric = around.known.words["share"].format(part=subject.metric, whole=whole)
        return True
    return False


def _whole(around: Around, _name: list[Word], bound: Bound) -> bool:
    if len(around.right) != 1:
        return False
    bound.metric, bound.is_whole = said(name_before(around.taken["whole"], around.known.naming)), True
    return True


def _growth(around: Around, name: list[Word], bound: Bound) -> bool:
    """Growth, or a change by an amount, unless the verb belongs to a name or a name follows the number."""
    known, subject = around.known, around.subject
    changes = known.naming.changing
    verbs = [k for k, word in enumerate(around.matched) if word.letter in changes]
    verb, compared = (around.matched[verbs[-1]].text, verbs[-1] > 0) if verbs else ("", True)
    plain = around.kind in ("thing", "amount")
    if plain and not compared and begins_name(around.right, known.naming):
        return False
    text = said(name)
    bound.basis = _basis(bound.left, known)
    if around.taken.get("with") and _elsewhere(around):
        bound.basis = bound.basis or known.words["compared"]
    bound.negative = verb in known.down
    proportion = around.kind in ("percent", "tenth", "times")
    if proportion:
        bound.attribute = "change" if verb in known.press and not compared else "growth"
    elif around.kind == "point" or compared or (verb in known.amounts if text else subject.metric):
        bound.attribute = "change"
    elif text:
        # 城乡提升50公里: the verb belongs to the name
        bound.negative, text = False, text + verb
    last = subject.last
    head = list_head(subject.metric, known.naming)
    if around.kind == "point" and not text and last and last.attribute in ("share", "rate"):
        bound.metric, bound.how = last.metric, "carried"
    elif proportion and text.endswith(known.groups) and head:
        bound.metric = text + head  # 增加值…，其中批发业增长5.4%
    else:
        bound.metric = _with_subject(name if text == said(name) else known.naming.lexer.words(text), around, bound)
    return True


def _replaced(around: Around, name: list[Word], bound: Bound) -> bool:
    """The amount that was published before for what the sentence is about (比初步核算数1228亿元增加…)."""
    bound.metric, bound.basis = _named(bound, name, around), around.known.words["replaced"]
    return bool(bound.metric)


def _basis(words: str, known: Clauses) -> str:
    """How growth is measured, where words say so; of several the one that the vocabulary has first."""
    if not known.based.search(words):
        return ""
    return next(basis for basis, group in known.bases.items() if any(word in words for word in group))


def _with_subject(name: Sequence[Word], around: Around, bound: Bound) -> str:
    """A name, completed by what the sentence is about where it says little by itself (涨幅, 增速, 占比)."""
    known, subject, text = around.known.naming, around.subject, said(name)
    if not text or verb_only(name, known):
        bound.how = "carried" if subject.metric else bound.how
        return subject.metric or text
    owned = around.known.listing.needs.fullmatch(text) or list_head(text, known)
    if len(text) <= 4 and not owned and text in known.relational and text not in subject.metric:
        return subject.metric + text
    return text


def _differs(around: Around, name: list[Word], bound: Bound) -> bool:
    """Points above or below something: another place or a goal, or the time before."""
    known = around.known
    kinds = known.naming.lexer.kinds
    bound.negative = any(w.text in known.down or w.letter in kinds["below"] for w in around.matched)
    bound.attribute = "change"
    bound.metric = said(name) or _last_metric(around, bound)
    if _elsewhere(around):
        bound.basis = known.words["compared"]  # 低于全国1.2个百分点, 高于目标
    return True


def _elsewhere(around: Around) -> bool:
    """Whether a figure is compared with another place or a goal, not with another time."""
    compared = "".join(word.text for word in around.matched)
    naming = around.known.naming
    back = any(word in compared for word in around.known.looking_back)
    return not back and not any(naming.lexer.of_kind("period", word) for word in around.matched)


def _last_metric(around: Around, bound: Bound) -> str:
    """The figure just before, share and all: what points are added to (占比56.2%，提高1.5个百分点)."""
    bound.how = "carried"
    last = around.subject.last
    return last.metric if last else around.subject.metric


def _share(around: Around, name: list[Word], bound: Bound) -> bool:
    known, words = around.known.naming, around.known.words
    bound.attribute = "share"
    whole = said(whole_before(around.taken.get("whole", []), known))
    bound.whole = whole or None
    text = said(name)
    part = text if text and not verb_only(name, known) else around.subject.metric
    if part != text:
        bound.how = "carried"
    named = around.taken.get("named")
    if named and known.lexer.of_kind("directed", named[0]):
        bound.metric = text + said(around.matched)
    elif whole:
        bound.metric = words["share"].format(part=part, whole=whole)
    else:
        end = named[0].text if named else words["share_end"]
        bound.metric = part if part.endswith(around.known.shares) else part + end
    return True


def _proportion(around: Around, name: list[Word], bound: Bound) -> bool:
    """A percentage that is no growth: a share of something, a rate, or a difference in points."""
    known = around.known
    kinds, right = known.naming.lexer.kinds, around.right
    point = around.kind == "point"
    text, only = said(name), verb_only(name, known.naming)
    part_of = right and right[0].letter in kinds["part_of"]
    last = around.subject.last
    if part_of and last and last.attribute in PROPORTIONATE and _aimed_at(text, around):
        # 能耗下降4.1%，超额完成4.5%的下降目标: what the figure before was to reach
        bound.metric, bound.attribute, bound.whole = last.metric, last.attribute, last.whole
        bound.negative, bound.how = last.negative, "carried"
        return True
    if not point and (part_of or (only and begins_name(right, known.naming))):
        # 89.4%的公园实现…, 将财政支出70%投向民生领域
        bound.attribute = "share"
        bound.metric = text + said(name_behind(right, known.naming))[:LONGEST]
        return True
    if point and part_of and not text and not around.subject.metric:
        bound.metric = said(name_behind(right, known.naming))[:LONGEST]  # 2.6个百分点的增幅来自工业
    else:
        bound.metric = text if len(text) > 1 and not only else _with_subject(name, around, bound)
    if point:
        bound.attribute = "change"
    elif leading_verb(name, known.naming) in known.press:
        bound.attribute, bound.negative = "change", True  # 压减一般性支出30%
    elif around.kind == "times":
        bound.attribute = "multiple"
    else:
        is_share = any(word in bound.metric for word in known.shares)
        bound.attribute = "share" if is_share and not any(word in bound.metric for word in known.rates) else "rate"
    return True


# What a percentage may be that has a target of its own.
PROPORTIONATE = ("growth", "rate", "share")


def _aimed_at(name: str, around: Around) -> bool:
    """Whether what stands behind a percentage says that it was a target, and nothing in front names another thing."""
    behind = said(name_behind(around.right, around.known.naming))
    return bool(around.known.aim.fullmatch(behind)) and not list_head(name, around.known.naming)


def _tenths_of(around: Around, name: list[Word], bound: Bound) -> bool:
    """近四成税收: what follows tenths is what they are of."""
    known = around.known.naming
    if around.leads_on or not begins_name(around.right, known):
        return False
    bound.attribute, bound.named_behind = "share", True
    bound.metric = said(name) + said(name_behind(around.right, known))[:LONGEST]
    return True


def _level(around: Around, name: list[Word], bound: Bound) -> bool:
    """An amount: its name stands behind a counted number (完成236个老旧小区改造), in front of others."""
    known, naming, subject, token = around.known, around.known.naming, around.subject, around.token
    kinds = naming.lexer.kinds
    only = verb_only(name, naming)
    text, open_list = said(name), bool(around.left) and around.left[-1].letter in kinds["etc"]
    behind: list[Word] = []
    if (begins_name(around.right, naming) and not around.leads_on) or token.implied:
        behind = name_behind(around.right, naming)
    of = bool(around.right) and around.right[0].letter in kinds["of"]
    if behind and of and name and name[-1].letter in kinds["particle"]:
        bound.metric, bound.named_behind = said(name[-2:-1]) + said(behind)[:LONGEST], True  # 提供了17亿元的贷款
    elif behind and (only or open_list or (around.kind != "money" and not of)):
        _take_behind(around, name, behind, open_list, bound)
    elif text and not only and not says_nothing(name, naming):
        loss = next((loss for loss in known.losses if text.endswith(loss)), "")
        if loss:  # 净亏损1.3亿元 is a 净利润 below zero
            text, bound.negative = text.removesuffix(loss) + known.losses[loss], True
        bound.metric = text
        if around.kind == "money" and leading_verb(name, naming) in known.press:
            bound.attribute, bound.negative = "change", True  # 调减收入预算50亿元
    elif used := _use(around, name):
        bound.metric = used  # 安排3700万元，支持高等院校引进人才
    elif not text and subject.metric and any(word.letter in kinds["total"] for word in around.left):
        # 新增公园127座，累计1100座
        verb = _verb_of(subject.metric, naming)
        rest = subject.metric[len(verb) :] if verb.startswith(known.words["new"]) else subject.metric
        bound.metric, bound.how = known.words["total"].format(name=rest), "carried"
    elif text and subject.metric and all(word.letter in kinds["outcome"] for word in name):
        bound.metric, bound.how = _outcome(subject.metric, known), "carried"  # 支出预算88亿元，执行数90亿元
    elif text and text not in subject.metric:
        # 惠及2.5万人次, 回迁925万平方米: the verb says what became of what was just named
        verb = _verb_of(subject.metric, naming)
        bound.metric, bound.how = subject.metric[len(verb) :] + text, "carried"
    else:
        bound.metric, bound.how = subject.metric or text, "carried"
        if any(word.text == around.known.words["carried_out"] or word.letter in kinds["empty"] for word in around.left):
            bound.metric = _outcome(bound.metric, around.known)  # 收入预算51亿元，实际完成62.7亿元
    if not bound.owner and subject.head not in bound.metric and _is_relational(bound.metric, naming):
        bound.owner = subject.head
    return True


@lru_cache(maxsize=50_000)
def names_nothing(metric: str, known: Naming) -> bool:
    """Whether the name of a metric says of nothing what it measures."""
    return says_nothing(known.lexer.words(metric), known)


@lru_cache(maxsize=20_000)
def _is_relational(metric: str, known: Naming) -> bool:
    """Whether the name of a metric says nothing without its owner."""
    return relational_only(known.lexer.words(metric), known)


@lru_cache(maxsize=20_000)
def _verb_of(metric: str, known: Naming) -> str:
    """The verb that the name of a metric begins with; empty where it begins with none."""
    return leading_verb(known.lexer.words(metric), known)


def _use(around: Around, name: Sequence[Word]) -> str:
    """The verb and what it is for, in the next words (安排3700万元，支持…)."""
    verb = said(name) or said(clean(around.left, around.known.naming))
    if not verb or not around.uses:
        return ""
    return verb + said(around.uses)[:LONGEST]


def _take_behind(around: Around, name: list[Word], behind: list[Word], open_list: bool, bound: Bound) -> None:
    known, token = around.known.naming, around.token
    bound.named_behind = True
    verb = said(name) if verb_only(name, known) else leading_verb(name, known)
    last = around.subject.last
    if around.joined and not name and last and last.named_behind:
        verb = last.verb
    bound.verb = verb
    following = said(behind)[:LONGEST].rstrip(_LISTING)
    bound.metric = following if token.implied and not verb else verb + following
    if name and not verb and not token.implied and not open_list:
        # 4条生态廊道共184万平方米建设: only a verb is left behind the number. A name there stands for itself.
        if verb_only(behind, known):
            bound.metric = said(name) + following
        else:
            bound.owner = said(name)


_MEANINGS: dict[str, Callable[[Around, list[Word], Bound], bool]] = {
    "rises to": _rises_to,
    "streak": _streak,
    "rank": _rank,
    "moved": _moved,
    "ratio": _ratio,
    "multiple": _multiple,
    "fulfilled": _fulfilled,
    "of the figure": _of_the_figure,
    "whole": _whole,
    "replaced": _replaced,
    "growth": _growth,
    "differs": _differs,
    "share": _share,
    "tenths of": _tenths_of,
    "proportion": _proportion,
    "level": _level,
}


def _is_plan(words: Sequence[Word], known: Naming) -> bool:
    """Whether words only name a plan (占年初预算)."""
    kinds = known.lexer.kinds
    rest = list(words)
    while rest and rest[-1].letter in kinds["period"]:
        rest.pop()
    if not rest or rest.pop().letter not in kinds["plan"]:
        return False
    before = kinds["period"] | kinds["fulfils"] | kinds["share_of"]
    return all(word.letter in before for word in rest)


def _move_on(around: Around, bound: Bound) -> None:
    """What the sentence is about after this figure."""
    known, subject = around.known, around.subject
    subject.last = bound
    subject.plan = _is_plan(around.left, known.naming)
    if subject.plan and not bound.fulfils:
        unnamed = [word for word in around.left if word.letter not in known.naming.lexer.kinds["period"]]
        plan = said(unnamed).removeprefix(known.words["carried_out"])
        bound.metric, bound.fulfils = subject.metric + plan, True
        subject.metric = subject.metric or _outcome(plan, known)
    if (
        not bound.metric
        or bound.fulfils
        or bound.is_whole
        or (subject.metric and bound.attribute not in ("level", "growth", "rate"))
    ):
        return
    subject.metric = bound.metric
    subject.unit = around.token.unit or "" if bound.attribute == "level" else subject.unit
    if not subject.parts and not bound.fulfils:
        subject.main.append(Lead(bound.metric, subject.unit))
    if bound.run is None and bound.how == "stated":
        subject.listed, subject.members = [], []  # what is said in order from here on is of something else
    if bound.attribute == "level":
        subject.recent.append(bound.metric)
        belongs = bound.metric in known.belongings or _is_relational(bound.metric, known.naming)
        if around.kind == "thing" and not belongs:
            subject.head = bound.metric

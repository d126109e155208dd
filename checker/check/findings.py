"""Findings in words: level and verdict, causes looked for, message, formula and fingerprint."""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from checker.amounts import AMOUNTS, factor_within
from checker.check.evaluate import Gathered, View, figure, holds
from checker.check.expression import Node, conjuncts, render_broken
from checker.check.hypotheses import hypotheses
from checker.check.rules import PLACEHOLDER, Cause, Rule
from checker.check.slips import plain
from checker.check.spans import Span, take
from checker.check.table import Cells, Table
from checker.model import LEVELS, Explanation, Finding
from checker.wording import comes_whole, direction, in_magnitude, period, said

# The sentences of so many further claims are searched for what explains a difference.
SENTENCES = 50
# Decimals of a computed figure, where its interval is a point.
DIGITS = 6

_SPACE = re.compile(r"\s+")
# The words behind the last digit; of a printed range, they are those of both ends.
_BEHIND = re.compile(r"[^0-9]*$")
_EMPTY = re.compile(r"（）| ?\(\)")


@dataclass(frozen=True, slots=True)
class Bound:
    """What a finding is about: for each variable the row of its claim or the number of its set, and further claims."""

    rows: dict[str, int]
    others: list[int]


def word(
    rule: Rule,
    table: Table,
    sets: Mapping[str, Gathered],
    bound: Sequence[Bound],
    about: Set[str] | None = None,
) -> list[Finding]:
    """The findings of one rule; all of them, or those that bind some claims."""
    if not bound:
        return []
    view = View(table, {v.name: np.array([one.rows[v.name] for one in bound]) for v in rule.variables}, sets)
    found = {cause.id: holds(cause.when, view).yes for cause in rule.explained_by if cause.when}
    parts = conjuncts(rule.holds)
    broken = [holds(part, view).no for part in parts] if len(parts) > 1 else [np.ones(view.size, dtype=bool)]
    worked_out = {value.name: figure(value.node, view) for value in rule.values}
    cells = table.cells(np.array([row for one in bound for row in _worded(one, sets)], dtype=np.int64))
    ids = table.claims["id"].to_numpy(dtype=object)
    cases = [_Case(rule, cells, ids, sets, one) for one in bound]
    wanted = {i for i, case in enumerate(cases) if about is None or not about.isdisjoint(case.claims())}
    # Most of the work is in what a finding says, and what is not wanted may remain unsaid; not so whether it is one.
    looked_at = range(len(cases)) if rule.only_with else sorted(wanted)
    explained = {
        i: tuple(
            _explanation(cause, cases[i], cause.id in found and bool(found[cause.id][i])) for cause in rule.explained_by
        )
        for i in looked_at
    }
    unexplained = [i for i, causes in explained.items() if _judge(rule, causes)[1] == "unexplained"]
    supposed = hypotheses(rule, view, cells, unexplained)
    taken: set[str] = set()
    findings = []
    for i, case in enumerate(cases):
        if rule.only_with and not any(one.id in rule.only_with for one in supposed.get(i, ())):
            continue
        fingerprint = _fingerprint(case, taken)
        if i not in wanted:
            continue
        values = {value.name: (take(worked_out[value.name], i), value.like) for value in rule.values}
        formula = ", ".join(render_broken(part, case.show) for part, no in zip(parts, broken, strict=True) if no[i])
        finding = _finding(case, fingerprint, explained[i], values, formula)
        findings.append(replace(finding, hypotheses=supposed.get(i, ())))
    return findings


def _main(bound: Bound, sets: Mapping[str, Gathered]) -> list[int]:
    """The rows that stand for the variables."""
    rows: list[int] = []
    for name, number in bound.rows.items():
        rows += sets[name].members[number].tolist() if name in sets else [number]
    return rows


def _worded(bound: Bound, sets: Mapping[str, Gathered]) -> list[int]:
    """The rows whose words are looked at."""
    return list(dict.fromkeys([*_main(bound, sets), *bound.others[:SENTENCES]]))


def _finding(
    case: _Case,
    fingerprint: str,
    explanations: tuple[Explanation, ...],
    values: Mapping[str, tuple[Span, str]],
    formula: str,
) -> Finding:
    rule, claims = case.rule, case.claims()
    level, verdict = _judge(rule, explanations)
    difference, relative = case.difference()
    starts, ends = (sorted(filter(None, case.all(field))) for field in ("period_start", "period_end"))
    finding = {
        "metric": case.first("metric"),
        "place": case.first("place"),
        "period": case.first("period"),
        "difference": "" if difference is None else f"{difference:f}",
        "relative": "" if relative is None else f"{relative:.1%}",
        "formula": formula,
    }
    return Finding(
        fingerprint=fingerprint,
        rule=rule.id,
        level=level,
        severity=level,
        verdict=verdict,
        title=rule.title,
        message={language: _message(case, language, finding, values) for language in rule.message},
        why=rule.why,
        claims=claims,
        formula=formula,
        metric=case.first("metric") or "",
        place=case.first("place") or "",
        period_start=starts[0] if starts else None,
        period_end=ends[-1] if ends else None,
        difference=difference,
        relative=relative,
        explanations=explanations,
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One binding, to ask for the fields of its claims."""

    rule: Rule
    cells: Cells
    ids: Any
    sets: Mapping[str, Gathered]
    bound: Bound

    def cell(self, name: str, field: str) -> Any:
        number = self.bound.rows[name]
        return self.cells(field, int(self.sets[name].rows[number]) if name in self.sets else number)

    def factor(self, name: str) -> float:
        """How many base units one unit of a claim is."""
        unit, dimension = (self.cell(name, field) or "" for field in ("unit", "dimension"))
        return factor_within(unit, dimension, self.cells.table.units)

    def first(self, field: str) -> Any:
        return self.cell(self.rule.variables[0].name, field)

    def all(self, field: str) -> list[Any]:
        """A field of the claims that stand for the variables."""
        return [self.cells(field, row) for row in _main(self.bound, self.sets)]

    def claims(self) -> tuple[str, ...]:
        rows = dict.fromkeys([*_main(self.bound, self.sets), *self.bound.others])
        return tuple(str(self.ids[row]) for row in rows)

    def printed(self, name: str) -> str:
        """A figure as printed, with the unit out of the head of its table."""
        text = plain(str(self.cell(name, "text")))
        return text + self.unit(name)[0] if text[-1:].isdigit() else text

    def unit(self, name: str) -> tuple[str, float]:
        """What stands behind the digits of a figure, or in the head of its table, and how much it is."""
        unit, scale = _printed_unit(*(self.cell(name, part) for part in ("text", "number", "value")))
        return unit or in_magnitude(scale, str(self.cell(name, "unit") or "")) or "", scale

    def direction(self, name: str, value: float, lang: str) -> str:
        """What to say in front of such an amount of the kind that a variable stands for."""
        attribute, dimension, metric = (self.cell(name, part) or "" for part in ("attribute", "dimension", "metric"))
        return direction(value, attribute, dimension, metric, lang)

    def sentences(self, names: Sequence[str]) -> list[str]:
        """The sentences of these variables, or of all claims."""
        rows = _worded(self.bound, self.sets)
        if names:
            rows = _main(Bound({name: self.bound.rows[name] for name in names}, []), self.sets)
        return [str(self.cells("sentence", row) or "") for row in rows]

    def difference(self) -> tuple[Decimal | None, float | None]:
        """|a - b| and its share of the larger, where a rule compares two figures."""
        if len(self.bound.rows) != 2 or self.sets or len(set(self.all("dimension"))) > 1:
            return None, None
        a, b = (Decimal(repr(float(value))) for value in self.all("value"))
        if len(set(self.all("unit"))) > 1:
            a, b = (
                self.cells.table.units.in_base(value, unit)
                for value, unit in zip((a, b), self.all("unit"), strict=True)
            )
        larger = max(abs(a), abs(b))
        return _tidy(abs(a - b)), float(abs(a - b) / larger) if larger else None

    def show(self, node: Node) -> str:
        """A part of a formula with its number in it."""
        if node.op == "interval":
            return _signed(self.cell(node.name, "text"), self.cell(node.name, "value"))
        if node.op == "set":
            rows = self.sets[node.name].members[self.bound.rows[node.name]].tolist()
            return " + ".join(_signed(self.cells("text", row), self.cells("value", row)) for row in rows)
        if node.op == "field" and node.field in AMOUNTS:
            return self.amount(node.name, node.field)
        if node.op == "field":
            return _shown(self.cell(node.name, node.field))
        if node.op == "measure":
            return node.name
        if node.op == "amount":
            return node.name
        return _shown(node.value) if node.op == "number" else node.items[0]

    def amount(self, name: str, field: str) -> str:
        """An end of a printed figure, in the unit it is printed in."""
        text, number, value = (self.cell(name, part) for part in ("text", "number", "value"))
        unit, scale = _printed_unit(text, number, value)
        end = self.cell(name, field)
        return _shown(end if end is None else round(end / scale, DIGITS)) + "".join(_BEHIND.findall(unit)[:1])


def _explanation(cause: Cause, case: _Case, found: bool) -> Explanation:
    if found and cause.when:
        return Explanation(cause.id, cause.title, True, possible=cause.possible is not False)
    for sentence in case.sentences(cause.within) if cause.text else ():
        if any(cue in _SPACE.sub("", sentence) for cue in cause.text):
            return Explanation(cause.id, cause.title, True, sentence, bool(cause.possible))
    return Explanation(cause.id, cause.title, False)


def _judge(rule: Rule, explanations: tuple[Explanation, ...]) -> tuple[str, str]:
    """Level and verdict: those of the rule, or the mildest among the causes found."""
    found = {explanation.id for explanation in explanations if explanation.found}
    causes = [cause for cause in rule.explained_by if cause.id in found]
    if not causes:
        return rule.level, rule.verdict
    level = max((cause.level or rule.level for cause in causes), key=LEVELS.index)
    return level, "explained" if any(cause.verdict == "explained" for cause in causes) else rule.verdict


def _message(case: _Case, lang: str, finding: Mapping[str, Any], values: Mapping[str, tuple[Span, str]]) -> str:
    written = {name: _written(span, like, case, lang) for name, (span, like) in values.items()}
    return _fill(case.rule.message[lang], case, {**finding, **written}, lang)


def _fill(template: str, case: _Case, finding: Mapping[str, Any], lang: str) -> str:
    """A message with its values, without brackets that would be empty."""

    def value(m: re.Match[str]) -> str:
        name, _, field = m[1].partition(".")
        before, after = m.string[: m.start()], m.string[m.end() : m.end() + 1]
        if (field or name) in _PERIODS:
            # A message may say 年 itself.
            return _period(case.cell(name, field) if field else finding[name], lang).removesuffix(after)
        if field != "text":
            return _field(case, name, field) if field else _shown(finding[name])
        ahead = case.direction(name, case.cell(name, "value"), lang)
        return said(case.printed(name), "" if before.endswith(ahead) else ahead)

    return _EMPTY.sub("", PLACEHOLDER.sub(value, template))


_PERIODS = ("period", "base", "period_end")


def _field(case: _Case, name: str, field: str) -> str:
    if field in ("sum", "count"):
        gathered, number = case.sets[name], case.bound.rows[name]
        return _shown((gathered.total.value if field == "sum" else gathered.count)[number])
    shown = case.cell(name, field)
    if field == "title":
        return str(shown or case.cell(name, "document"))
    if field == "value":
        return _shown(shown * case.factor(name))
    return _shown(shown)


def _fingerprint(case: _Case, taken: set[str]) -> str:
    """A name that outlives new wording and moved text: what is compared, and in which documents."""
    concepts = sorted(set(filter(None, case.all("concept"))))
    metrics = sorted({_normal(metric) for metric in case.all("metric")})
    documents = [known or path for known, path in zip(case.all("document_identity"), case.all("document"), strict=True)]
    parts = [
        case.rule.id,
        concepts or metrics,
        *(
            sorted({str(value or "") for value in case.all(field)})
            for field in ("attribute", "place", "scope", "period")
        ),
        sorted(set(map(str, documents))),
    ]
    number = 1
    while True:
        content = json.dumps(parts if number == 1 else [*parts, number], ensure_ascii=False)
        fingerprint = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if fingerprint not in taken:
            taken.add(fingerprint)
            return fingerprint
        number += 1


def _normal(metric: Any) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", str(metric or ""))).casefold()


def _signed(text: Any, value: Any) -> str:
    """A figure as printed; 下降1.2% is negative though its digits do not say so."""
    shown = plain(str(text))
    return f"-{shown}" if value is not None and value < 0 and shown[:1] not in "-−－负" else shown


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (float, np.floating)):
        return f"{_tidy(Decimal(repr(float(value)))):f}"
    return str(value)


def _written(span: Span, like: str, case: _Case, lang: str) -> str:
    """A computed figure in the unit a claim prints, to the digit that its interval can bear."""
    by = case.factor(like)
    value, width = float(span.value) / by, float(span.high - span.low) / by
    unit, scale = case.unit(like)
    if not math.isfinite(value):
        return ""
    digits = DIGITS
    if math.isfinite(width) and width > 0:
        digits = min(digits, max(0, -math.floor(math.log10(width / scale))))
    if scale == 1 and comes_whole(str(case.cell(like, "dimension") or "")):
        digits = 0
    grouped = "," if "," in unicodedata.normalize("NFKC", case.cell(like, "number")) else ""
    # First to more digits than it bears: a tie is one whatever the float is in another unit.
    rounded = round(Decimal(repr(round(abs(value) / scale, digits + DIGITS))), digits)
    return said(f"{_tidy(rounded):{grouped}f}{unit}", case.direction(like, value, lang))


def _printed_unit(text: Any, number: Any, value: Any) -> tuple[str, float]:
    """What stands behind the digits of a printed figure (亿元), and how much it is in the base unit."""
    shown, digits = (plain(unicodedata.normalize("NFKC", str(part))) for part in (text, number))
    try:
        scale = abs(float(value) / float(digits.replace(",", "")))
    except (ValueError, ZeroDivisionError):
        return "", 1.0
    at = shown.rfind(digits)
    return (shown[at + len(digits) :], scale) if at >= 0 and scale > 0 else ("", 1.0)


def _tidy(number: Decimal) -> Decimal:
    """Without zeros at the end and without an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _period(value: str | None, lang: str) -> str:
    """A period, or a day, as people write it; nothing where there is none."""
    start, stroke, end = (value or "").partition("/")
    return period(start, end if stroke else start, lang) if start else ""

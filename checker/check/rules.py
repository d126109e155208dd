"""Rules as they are loaded: every name resolved, every expression a tree, or an error that says where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from os.path import realpath
from pathlib import Path
from typing import Any

from checker.check.expression import ExpressionError, Node, canonical, conjuncts, names, parse, walk, written
from checker.check.fields import FUNCTIONS, KINDS, MEASURES, SHOWN_FIELDS
from checker.errors import BadData, did_you_mean
from checker.metrics import Metrics, metrics
from checker.model import ATTRIBUTES, MODALITIES, QUALIFIERS
from checker.units import Units, units
from checker.vocabulary import Vocabulary, rules_dir, words
from checker.yamlfile import bad, load, locate

RESERVED = {"and", "or", "not", "in", *FUNCTIONS, *MEASURES}
# For sets of the parts of a whole: the field that tells parts apart, that which names the whole around them, and the
# fields in which they differ from it, first the one that it is named by.
TILINGS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "places": ("place", "around", ("place", "series", "fact", "measure")),
    "periods": ("period", "year_around", ("period", "fact")),
}
SET_FUNCTIONS = ("sum", "count", "min", "max")
# The fields of a claim with few values.
CLOSED = {
    "attribute": frozenset(ATTRIBUTES),
    "modality": frozenset(MODALITIES),
    "qualifier": frozenset(QUALIFIERS),
    "kind": frozenset(["flow", "stock", "rate", "index"]),
    "price_level": frozenset(["current", "constant"]),
    "price_growth": frozenset(["current", "constant"]),
    "growth_basis": frozenset(["comparable"]),
}
FINDING_FIELDS = ("metric", "place", "period", "difference", "relative", "formula")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


# Claims that agree in one of these are of one place.
_OF_ONE_PLACE = frozenset(
    ["place", "series", "fact", "measure", "document", "id", "part_of", "listing", "among", "subject"]
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A name in a rule and the claims it may bind: per field, the values allowed (None: unknown).

    `many` makes it a set, `by` names a field that the members of one set share. `tiles` names the field whose values
    are the parts of a whole, each of which a set holds once. With `optional` there is a set of none where nothing fits.
    """

    name: str
    selector: tuple[tuple[str, frozenset[str | None]], ...]
    many: bool = False
    by: str | None = None
    tiles: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A figure worked out for the message, and the variable whose printed unit it is written in."""

    name: str
    node: Node
    like: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a rule compares with, by name, so that a project may set another."""

    name: str
    value: float
    title: dict[str, str]


@dataclass(frozen=True, slots=True)
class Cause:
    """What would explain a difference: a test over the variables, words in the texts, or either.

    The words are looked for in the sentences of the variables in `within`, or of all claims where it is empty. Words
    state what explains a difference and a test makes it possible, unless `possible` says otherwise.
    """

    id: str
    title: dict[str, str]
    when: Node | None
    text: tuple[str, ...]
    within: tuple[str, ...]
    level: str | None
    verdict: str
    possible: bool | None = None


@dataclass(frozen=True, slots=True)
class Supposition:
    """A slip that the rule names: what the figure of a variable would have been, worked out from those printed."""

    id: str
    title: dict[str, str]
    variable: str
    were: Node


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that a test of a rule expects: quantities as printed, and how it is judged where that is stated.

    hypothesis is the corrected figure of a hypothesis that it names.
    """

    numbers: tuple[str, ...]
    level: str | None = None
    verdict: str | None = None
    hypothesis: str | None = None


@dataclass(frozen=True, slots=True)
class RuleTest:
    """Documents (file name -> text, date, place, title) and what the rule finds in them."""

    name: str
    documents: dict[str, dict[str, str]]
    finds: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of rules/*.yaml; `where` is split into the tests that all must hold.

    swappable says that the rule reads the same with its two variables exchanged. Where `only_with` names slips, nothing
    is found but what one of them accounts for.
    """

    id: str
    level: str
    verdict: str
    since: str
    title: dict[str, str]
    message: dict[str, str]
    why: dict[str, str]
    variables: tuple[Variable, ...]
    same: tuple[str, ...]
    documents: str
    thresholds: tuple[Threshold, ...]
    where: tuple[Node, ...]
    holds: Node
    unless: Node | None
    values: tuple[Value, ...]
    explained_by: tuple[Cause, ...]
    hypotheses: tuple[Supposition, ...]
    only_with: frozenset[str]
    tests: tuple[RuleTest, ...]
    swappable: bool
    path: str


def load_rules(dirs: Iterable[Path | str], vocabulary: Vocabulary | None = None) -> list[Rule]:
    """All rules of these folders (the *.yaml right in them), by id; a folder named twice is one folder.

    They may select what the vocabulary knows. Raises BadData with path, line and column.
    """
    rules: dict[str, Rule] = {}
    folders: dict[str, Path] = {}
    for folder in map(Path, dirs):
        folders.setdefault(realpath(folder), folder)
    for folder in folders.values():
        for path in _rule_files(folder):
            rule = load_rule(path, vocabulary)
            if rule.id in rules:
                place = locate(path, ["id"])
                reason = f"a rule with id {rule.id} is in {rules[rule.id].path} as well"
                raise BadData(reason, str(path), place.line, place.column)
            rules[rule.id] = rule
    return [rules[id] for id in sorted(rules)]


def _rule_files(folder: Path) -> list[Path]:
    """The files of a folder that hold a rule each; a folder in which none would be read is an error."""
    if not folder.is_dir():
        raise BadData("no such folder of rules", str(folder))
    if others := sorted(folder.glob("*.yml")):
        raise BadData("the name of a rule file ends in .yaml", str(others[0]))
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise BadData("no rules (*.yaml) in this folder", str(folder))
    return files


def load_rule(path: Path | str, vocabulary: Vocabulary | None = None) -> Rule:
    """The rule in one file. Raises BadData with path, line and column."""
    return _Reader(path, load(path, rules_dir() / "schema.json"), vocabulary).rule()


def rule_tests(rule: Rule) -> tuple[RuleTest, ...]:
    """The tests that a rule carries."""
    return rule.tests


def joining(test: Node) -> bool:
    """Whether a test says that a field of one variable equals a field of another, which a join can do."""
    if test.op != "==" or any(side.op != "field" or side.kind == "number" for side in test.args):
        return False
    return test.args[0].name != test.args[1].name


def within_place(rule: Rule) -> bool:
    """Whether a rule relates claims of one place only, so that what other places report has no say in it."""
    if len(rule.variables) == 1 or rule.documents == "same" or _OF_ONE_PLACE.intersection(rule.same):
        return True
    links = [names(test) for test in rule.where if joining(test) and _of_one_place(test)]
    tied = {rule.variables[0].name}
    for _ in links:
        tied |= {name for link in links if link & tied for name in link}
    return len(tied) == len(rule.variables)


def _of_one_place(test: Node) -> bool:
    return all(side.field in _OF_ONE_PLACE for side in test.args)


def compares(rule: Rule) -> bool:
    """Whether a rule says that figures are equal and nothing else is fine: else too many others would do as well."""
    if rule.unless or any(part.op in ("min", "max") for part in walk(rule.holds)):
        return False
    return any(part.op == "==" and "interval" in (arg.kind for arg in part.args) for part in walk(rule.holds))


def _known(field: str, known: Metrics, units: Units) -> Set[str] | None:
    """The values that a field of a claim can have, or what they are made of; None where there is no end to them."""
    if field == "concept":
        return {*known.entries}
    if field == "metric":
        return {*known.concepts}
    if field == "document_kind":
        return {kind["kind"] for kind in words("documents")["kinds"]}
    if field in ("unit", "dimension"):
        return {*units.spellings, *(units.dimensions if field == "unit" else units.dimensions.values()), "times", ""}
    return CLOSED.get(field)


def _concept_meant(value: str, known: Metrics) -> str:
    """The concept that has a name near this one, as the end of a reason."""
    named = {name.casefold(): concept for name, concept in known.concepts.items()}
    near = get_close_matches(value.casefold()[:80], named, 1)
    return f" (did you mean {named[near[0]]!r}?)" if near else ""


def _asked(node: Node) -> Iterator[tuple[str, str]]:
    """The fields that an expression compares with texts, and each of these."""
    for part in written(node):
        fields = [arg.field for arg in part.args if arg.op == "field" and arg.kind == "text"]
        if part.op in ("in", "not in"):
            yield from ((fields[0], item) for item in part.items)
        elif part.op in ("==", "!=") and fields:
            yield from ((fields[0], arg.items[0]) for arg in part.args if arg.op == "text")


class _Reader:
    """The data of one rule file, and where its parts stand."""

    def __init__(self, path: Path | str, data: dict[str, Any], vocabulary: Vocabulary | None):
        self.path, self.data = path, data
        self.metrics, self.units = metrics(vocabulary), units(vocabulary)
        self.sets = {name: bool(chosen.get("set")) for name, chosen in data["claims"].items()}
        self.numbers = {name: float(given["value"]) for name, given in data.get("thresholds", {}).items()}
        self.dimensions = {name: _dimensions(chosen, self.units) for name, chosen in data["claims"].items()}
        self.used: set[str] = set()

    def rule(self) -> Rule:
        data = self.data
        variables = tuple(self.variable(name, chosen) for name, chosen in data["claims"].items())
        thresholds = tuple(self.threshold(name, given) for name, given in data.get("thresholds", {}).items())
        where = tuple(part for test in [*self.tests_of("where"), *self.tilings()] for part in conjuncts(test))
        holds = self.expression(["holds"], data["holds"])
        unless = self.tests_of("unless")
        same = tuple(data.get("same", ()))
        values = self.values()
        causes = self.causes()
        hypotheses = self.hypotheses()
        self.check_joins(same, where)
        self.check_sets(where, holds, unless, values, causes, hypotheses)
        self.check_templates()
        self.check_thresholds()
        either = Node("and", "truth", tuple(unless)) if len(unless) > 1 else unless[0] if unless else None
        return Rule(
            id=data["id"],
            level=data["level"],
            verdict=data.get("verdict", "unexplained"),
            since=data["since"],
            title=data["title"],
            message=data["message"],
            why=data["why"],
            variables=variables,
            same=same,
            documents=data.get("documents", "any"),
            thresholds=thresholds,
            where=where,
            holds=holds,
            unless=either,
            values=values,
            explained_by=causes,
            hypotheses=hypotheses,
            only_with=frozenset(data.get("only_with", ())),
            tests=self.tests(),
            swappable=_swappable(variables, where, holds, unless),
            path=str(self.path),
        )

    def variable(self, name: str, chosen: Mapping[str, Any]) -> Variable:
        if name in RESERVED:
            raise bad(self.path, ["claims", name], f"{name} is a word of the language: choose another name", key=True)
        selector = []
        for field, value in chosen.items():
            if field not in ("set", "of"):
                for i, one in enumerate(_values(value)):
                    self.check_known(field, one, ["claims", name, field, *([i] if isinstance(value, list) else [])])
                selector.append((field, frozenset(_values(value))))
        ordered = tuple(sorted(selector, key=lambda pair: pair[0]))
        by = chosen.get("set")
        if by in TILINGS:
            tiles, around, _ = TILINGS[by]
            return Variable(name, ordered, True, around, tiles)
        optional = by == "or_none"
        return Variable(
            name, ordered, self.sets[name], by if isinstance(by, str) and not optional else None, "", optional
        )

    def tilings(self) -> list[Node]:
        """That sets of parts are of the place or the period of the variable they are `of`."""
        tests = []
        for name, chosen in self.data["claims"].items():
            by, whole = chosen.get("set"), chosen.get("of")
            at: list[str | int] = ["claims", name]
            if (by in TILINGS) != (whole is not None):
                raise bad(
                    self.path,
                    at,
                    f"`of` goes with `set: {'` or `set: '.join(TILINGS)}`, and names a variable",
                    key=True,
                )
            if whole is None:
                continue
            if self.sets.get(whole, True):
                raise bad(self.path, [*at, "of"], f"{whole} is no variable that stands for one claim")
            _, around, excluded = TILINGS[by]
            for i, field in enumerate(self.data.get("same", ())):
                if field in excluded:
                    raise bad(self.path, ["same", i], f"the parts of a whole differ from it in {field}")
            sides = (
                Node("field", "text", name=name, field=around),
                Node("field", "text", name=whole, field=excluded[0]),
            )
            tests.append(Node("==", "truth", sides))
        return tests

    def check_known(self, field: str, value: str | None, at: list[str | int], word: str = "") -> None:
        """Whether the vocabulary has a value that a field is to have; null is unknown, and may be asked for."""
        known = _known(field, self.metrics, self.units) if value is not None else None
        # A unit is made of others (元/吨), and so is its dimension.
        if (
            value is None
            or known is None
            or known >= set(value.split("/") if field in ("unit", "dimension") else [value])
        ):
            return
        meant = _concept_meant(value, self.metrics) if field == "concept" else did_you_mean(value, known)
        other = '; other words are looked for with `where: a.metric has ["…"]`' if field == "metric" else ""
        raise bad(self.path, at, f"no {field} of the vocabulary is called {value}{meant}{other}", word=word)

    def threshold(self, name: str, given: Mapping[str, Any]) -> Threshold:
        taken = {*RESERVED, *KINDS, *SHOWN_FIELDS, *FINDING_FIELDS, *self.sets, *self.data.get("values", {})}
        if name in taken:
            raise bad(self.path, ["thresholds", name], f"{name} has a meaning already: choose another name", key=True)
        return Threshold(name, self.numbers[name], given["title"])

    def values(self) -> tuple[Value, ...]:
        values = []
        for name, given in self.data.get("values", {}).items():
            if name in FINDING_FIELDS:
                raise bad(self.path, ["values", name], f"{name} is a field of every finding", key=True)
            if self.sets.get(given["as"], True):
                raise bad(self.path, ["values", name, "as"], f"{given['as']} is no variable that stands for one claim")
            node = self.expression(["values", name, "is"], given["is"], "interval")
            values.append(Value(name, node, given["as"]))
        return tuple(values)

    def expression(self, at: list[str | int], source: str, kind: str = "truth") -> Node:
        try:
            node = parse(source, self.sets, kind, self.numbers, self.dimensions, self.units)
        except ExpressionError as error:
            raise self.expression_error(at, source, error) from None
        self.used.update(part.name for part in walk(node) if part.op == "number")
        for field, value in _asked(node):
            if field != "metric":
                self.check_known(field, value, at, word=value)
        return node

    def expression_error(self, at: list[str | int], source: str, error: ExpressionError) -> BadData:
        """Placed at the word at fault, wherever YAML folded the expression."""
        edge = r"[0-9A-Za-z_]"
        word = error.word
        before = rf"(?<!{edge})" if re.match(edge, word) else ""
        after = rf"(?!{edge})" if word and re.match(edge, word[-1]) else ""
        nth = len(re.findall(before + re.escape(word) + after, source[: error.offset])) if word else 0
        return bad(self.path, at, error.reason, word=word, nth=nth)

    def tests_of(self, key: str) -> list[Node]:
        value = self.data.get(key, [])
        if isinstance(value, str):
            return [self.expression([key], value)]
        return [self.expression([key, i], source) for i, source in enumerate(value)]

    def check_joins(self, same: tuple[str, ...], where: tuple[Node, ...]) -> None:
        """Variables must be tied together by equalities, or each claim would meet every other."""
        if same or len(self.sets) == 1:
            return
        tied = {next(iter(self.sets))}
        links = [names(test) for test in where if joining(test)]
        for _ in links:
            for link in links:
                if link & tied:
                    tied |= link
        loose = [name for name in self.sets if name not in tied]
        if loose:
            reason = f"{loose[0]} is tied to the other claims neither by `same` nor by an equality in `where`"
            raise bad(self.path, ["claims", loose[0]], reason, key=True)

    def check_sets(
        self,
        where: tuple[Node, ...],
        holds: Node,
        unless: list[Node],
        values: tuple[Value, ...],
        causes: tuple[Cause, ...],
        hypotheses: tuple[Supposition, ...],
    ) -> None:
        """A set is gathered before it is joined, so tests on its members speak of it alone or are equalities."""
        for name, chosen in self.data["claims"].items():
            if chosen.get("set") == "or_none" and (
                self.data.get("documents") != "same" or any(name in names(test) and joining(test) for test in where)
            ):
                reason = f"{name} may be none in a document: `documents: same`, and no == between it and other claims"
                raise bad(self.path, ["claims", name], reason, key=True)
        if all(self.sets.values()):
            raise bad(self.path, ["claims"], "a rule needs a variable that is not a set", key=True)
        for test in where:
            for name in sorted(names(test)):
                if self.sets[name] and not joining(test) and (len(names(test)) > 1 or _asks_whole(test)):
                    reason = f"the set {name} can be related to other claims by == between fields only"
                    raise bad(self.path, ["where"], reason, word=name)
        for at, tree in [
            (["holds"], holds),
            *((["unless"], test) for test in unless),
            *((["values"], value.node) for value in values),
            *((["explained_by"], cause.when) for cause in causes if cause.when),
            *((["hypotheses"], one.were) for one in hypotheses),
        ]:
            for part in written(tree):
                if part.op == "field" and self.sets[part.name]:
                    reason = f"{part.name} is a set: use {', '.join(SET_FUNCTIONS)}"
                    raise bad(self.path, at, reason, word=f"{part.name}.{part.field}")

    def check_thresholds(self) -> None:
        for name in self.numbers:
            if name not in self.used:
                raise bad(self.path, ["thresholds", name], f"no expression uses {name}", key=True)

    def check_templates(self) -> None:
        for language, template in self.data["message"].items():
            at: list[str | int] = ["message", language]
            rest = PLACEHOLDER.sub("", template)
            if "{" in rest or "}" in rest:
                raise bad(self.path, at, "a brace stands alone")
            for name in PLACEHOLDER.findall(template):
                if not self.known_placeholder(name):
                    reason = f"{{{name}}} is neither a field of a claim nor of a finding"
                    raise bad(self.path, at, reason, word="{" + name + "}")

    def known_placeholder(self, name: str) -> bool:
        variable, _, field = name.partition(".")
        if not field:
            return name in FINDING_FIELDS or name in self.data.get("values", {})
        if variable not in self.sets:
            return False
        return field in (("sum", "count") if self.sets[variable] else {**KINDS, **SHOWN_FIELDS})

    def causes(self) -> tuple[Cause, ...]:
        causes: list[Cause] = []
        for i, cause in enumerate(self.data.get("explained_by", ())):
            if any(cause["id"] == other.id for other in causes):
                raise bad(self.path, ["explained_by", i, "id"], f"cause {cause['id']} stands here a second time")
            when = self.expression(["explained_by", i, "when"], cause["when"]) if "when" in cause else None
            text, within = tuple(cause.get("text", ())), tuple(cause.get("in", ()))
            for k, name in enumerate(within):
                if name not in self.sets:
                    raise bad(self.path, ["explained_by", i, "in", k], f"{name} is no variable of this rule")
            verdict = cause.get("verdict", "explained")
            judged = cause.get("level"), verdict, cause.get("possible")
            causes.append(Cause(cause["id"], cause["title"], when, text, within, *judged))
        return tuple(causes)

    def hypotheses(self) -> tuple[Supposition, ...]:
        suppositions: list[Supposition] = []
        for i, given in enumerate(self.data.get("hypotheses", ())):
            if any(given["id"] == other.id for other in suppositions):
                reason = f"hypothesis {given['id']} stands here a second time"
                raise bad(self.path, ["hypotheses", i, "id"], reason)
            ((name, source),) = given["were"].items()
            at: list[str | int] = ["hypotheses", i, "were", name]
            if self.sets.get(name, True):
                raise bad(self.path, at, f"{name} is no variable that stands for one claim", key=True)
            were = self.expression(at, source, "interval")
            suppositions.append(Supposition(given["id"], given["title"], name, were))
        return tuple(suppositions)

    def tests(self) -> tuple[RuleTest, ...]:
        tests: list[RuleTest] = []
        for i, test in enumerate(self.data["tests"]):
            if any(test["name"] == other.name for other in tests):
                raise bad(self.path, ["tests", i, "name"], f"a test is called {test['name']!r} already")
            documents = {
                name: {"text": given} if isinstance(given, str) else dict(given)
                for name, given in test["documents"].items()
            }
            self.check_dates(i, documents)
            finds = tuple(
                Expected(tuple(f["numbers"]), f.get("level"), f.get("verdict"), f.get("hypothesis"))
                for f in test["finds"]
            )
            tests.append(RuleTest(test["name"], documents, finds))
        return tuple(tests)

    def check_dates(self, i: int, documents: Mapping[str, Mapping[str, str]]) -> None:
        from checker.read.metadata import parse_date

        for name, given in documents.items():
            try:
                if given.get("date"):
                    parse_date(given["date"])
            except (ValueError, OverflowError):
                reason = f"not a date: {given['date']}"
                raise bad(self.path, ["tests", i, "documents", name, "date"], reason) from None


def _dimensions(chosen: Mapping[str, Any], units: Units) -> frozenset[str]:
    """The dimensions that a selector leaves; none where it says nothing of them."""
    if "dimension" in chosen:
        return frozenset(_values(chosen["dimension"]))
    return frozenset(units.dimension_of(unit or "") for unit in _values(chosen.get("unit", [])))


def _values(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def _asks_whole(test: Node) -> bool:
    return any(part.op in SET_FUNCTIONS for part in walk(test))


def _swappable(variables: tuple[Variable, ...], where: tuple[Node, ...], holds: Node, unless: list[Node]) -> bool:
    if len(variables) != 2 or variables[0].selector != variables[1].selector or any(v.many for v in variables):
        return False
    a, b = variables[0].name, variables[1].name

    def reading(rename: dict[str, str]) -> tuple[list[str], str, list[str]]:
        return (
            sorted({canonical(test, rename) for test in where}),
            canonical(holds, rename),
            sorted({canonical(test, rename) for test in unless}),
        )

    return reading({}) == reading({a: b, b: a})

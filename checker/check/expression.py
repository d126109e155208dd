"""The expressions of rules: `a.period_end < b.period_end and b >= a`, parsed once to a small tree.

    test        test or test | test and test | not test | comparison | (test)
    comparison  value == value | != | < | <= | > | >= | value <= value < value | value in ["one", "two"]
                | value not in [...] | text has ["one", "two"]
    value       value + value | - | * | / | -value | (value) | 12.5 | 5亿元 | 3.5% | "text" | "2020-01-31" | name
                | name.field | abs(value) | percent(value) | round(value, 2) | compound(value, number)
                | doublings(value) | known(name.field) | min(value, value) | max(value, value) | min(set) | max(set)
                | sum(set) | count(set) | quotes(name, name) | equal_neighbours | threshold

`and` binds closer than `or`, `*` closer than `+`. A bare name is the interval of a claim; two intervals are equal when
they meet, less when one ends before the other begins, so exactly one of < == > holds. A literal with a unit is compared
with figures of its dimension alone: of any other it is neither true nor false. Nothing else exists: no calls beyond
these, no fields beyond the documented ones, no other powers, no strings to build. Every name is resolved here, when the
rule is loaded, and every part knows its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import NoReturn

from checker.check.fields import AMOUNT_FIELDS, FUNCTIONS, KINDS, MEASURES, SHOWN_FIELDS
from checker.units import Units, units
from checker.vocabulary import words

MAX_LENGTH = 2000
MAX_DEPTH = 50

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]+(?:\.[0-9]+)?)(?![0-9.])
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | (?P<text>"[^"\n]*"|'[^'\n]*')
      | (?P<sign>==|!=|<=|>=|[-+*/<>(),\[\]])
    )""",
    re.VERBOSE,
)
_WORDS = {"and", "or", "not", "in", "has"}
_COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
# What may not follow a number but as its unit.
_WORD = re.compile(r"[^\s0-9<>=!+\-*/,()\[\]\"'&|^;:.]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
# How many digits a figure may be rounded to.
_DIGITS = range(-15, 16)
# The kinds that each argument of a function may have, and the kind it yields where that is not the kind of the first;
# `min` and `max` take a set or any number of figures.
_NUMERIC = ("interval", "number")
_TAKES = {
    "abs": (_NUMERIC,),
    "percent": (_NUMERIC,),
    "round": (_NUMERIC, ("number",)),
    "doublings": (_NUMERIC,),
    "compound": (_NUMERIC, ("number",)),
    "sum": (("set",),),
    "count": (("set",),),
    "known": (("text", "date", "number"),),
    "quotes": (("interval",), ("interval",)),
}
_YIELDS = {"sum": "interval", "count": "number", "known": "truth", "quotes": "truth"}
# What `known` and `quotes` ask of is a field, or a variable, and nothing worked out from it.
_PLAIN = {"known": "field", "quotes": "interval"}
_PLAINLY = {"known": "field", "quotes": "variable"}


class ExpressionError(Exception):
    """An expression that cannot be used: why, and the word and offset where it goes wrong."""

    def __init__(self, reason: str, offset: int = 0, word: str = ""):
        super().__init__(reason)
        self.reason, self.offset, self.word = reason, offset, word


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    op is `number`, `text`, `date`, `amount`, `interval`, `set`, `field`, `measure`, a function's name, `neg`, an
    arithmetic or comparison sign, `in`, `not in`, `has`, `not`, `and`, `or`, or `given`: a test that is neither true
    nor false where the one before it does not hold; kind is what it yields: interval, number, date, text, words (a
    text that is only shown), truth. A number with a name is a threshold. An amount is a literal with a unit: its value
    in the base unit, the dimension as its field, and as it is printed.
    """

    op: str
    kind: str
    args: tuple[Node, ...] = ()
    name: str = ""
    field: str = ""
    value: float = 0.0
    items: tuple[str, ...] = ()


def parse(
    source: str,
    variables: Mapping[str, bool],
    kind: str = "truth",
    thresholds: Mapping[str, float] | None = None,
    dimensions: Mapping[str, Set[str]] | None = None,
    known: Units | None = None,
) -> Node:
    """The tree of an expression over these variables (name: whether it is a set) and thresholds that yields this kind.

    `dimensions` are those that the figures of a variable can have, where that is known; `known` are the units that
    amounts may be in, or the shipped ones. Raises ExpressionError.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    node = _Parser(source, variables, thresholds or {}, dimensions or {}, known or units()).whole()
    if node.kind != kind:
        wanted = "must be true or false" if kind == "truth" else f"must be {_a(kind)}"
        raise ExpressionError(f"{wanted}, but this is {_a(node.kind)}")
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for arg in node.args:
        yield from walk(arg)


def written(node: Node) -> Iterator[Node]:
    """The node and all below it that stand in the source."""
    yield node
    for arg in node.args[1:] if node.op == "given" else node.args:
        yield from written(arg)


def names(node: Node) -> frozenset[str]:
    """The variables that a tree speaks of; a measure speaks of a and b."""
    found = {part.name for part in walk(node) if part.op in ("interval", "set", "field")}
    return frozenset(found | ({"a", "b"} if any(part.op == "measure" for part in walk(node)) else set()))


def conjuncts(node: Node) -> list[Node]:
    """The tests that all must hold for this one to hold."""
    return [part for arg in node.args for part in conjuncts(arg)] if node.op == "and" else [node]


def canonical(node: Node, rename: Mapping[str, str]) -> str:
    """One text for all ways to write the same expression, its variables renamed: to see whether two may be swapped."""
    parts = [canonical(arg, rename) for arg in node.args]
    op = node.op
    if op in (">", ">="):
        op, parts = "<" + op[1:], parts[::-1]
    if op in ("and", "or"):
        parts = sorted({part for arg in _flat(node, op) for part in [canonical(arg, rename)]})
    elif op in ("==", "!=", "+", "*"):
        parts = sorted(parts)
    own = f"{rename.get(node.name, node.name)}.{node.field}.{node.value!r}.{sorted(node.items)}"
    return f"({op} {own} {' '.join(parts)})"


def render(node: Node, show: Callable[[Node], str]) -> str:
    """The expression as people write it; `show` words numbers, names and fields."""
    return _render(node, show, 0)


# What the numbers say where a comparison does not hold.
_BROKEN = {"==": "≠", "!=": "=", "<": "≥", "<=": ">", ">": "≤", ">=": "<"}


def render_broken(node: Node, show: Callable[[Node], str]) -> str:
    """A comparison that does not hold, as what holds instead: 18.5亿元 ≠ 8.4亿元.

    percent() and sum() are left out: a printed 5% says what it is, and so do figures with + between them; compound() is
    written as the power it is.
    """
    node = _as_printed(node)
    if node.op == "or":
        # What sets a rule aside (or count(parts) < 2) compares no figures.
        figures = [side for side in _flat(node, "or") if any(arg.kind == "interval" for arg in side.args)]
        return ", ".join(render_broken(side, show) for side in figures) or render(node, show)
    if node.op not in _BROKEN:
        return render(node, show)
    left, right = (_render(arg, show, _STRENGTH.get(node.op, 4) + 1) for arg in node.args)
    return f"{left} {_BROKEN[node.op]} {right}"


def _as_printed(node: Node) -> Node:
    if node.op == "given":
        return _as_printed(node.args[1])
    args = tuple(map(_as_printed, node.args))
    if node.op == "compound":
        factor = Node("+", node.kind, (Node("number", "number", value=1.0), args[0]))
        return Node("^", node.kind, (factor, args[1]))
    return args[0] if node.op in ("percent", "sum") else replace(node, args=args)


def _flat(node: Node, op: str) -> list[Node]:
    return [part for arg in node.args for part in _flat(arg, op)] if node.op == op else [node]


_STRENGTH = {
    "or": 1,
    "and": 2,
    "not": 3,
    "in": 4,
    "not in": 4,
    "has": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "neg": 7,
    "^": 8,
}


def _render(node: Node, show: Callable[[Node], str], outer: int) -> str:
    if not node.args:
        text = show(node)
        return f"({text})" if node.op == "set" and outer > _STRENGTH["+"] and " + " in text else text
    if node.op == "given":
        return _render(node.args[1], show, outer)
    if node.op in FUNCTIONS:
        return f"{node.op}({', '.join(_render(arg, show, 0) for arg in node.args)})"
    own = _STRENGTH.get(node.op, 4)
    if node.op in ("not", "neg"):
        text = ("not " if node.op == "not" else "-") + _render(node.args[0], show, own + 1)
    elif node.op in ("in", "not in", "has"):
        items = ", ".join(f'"{item}"' for item in node.items)
        text = f"{_render(node.args[0], show, own + 1)} {node.op} [{items}]"
    elif node.op in ("and", "or"):
        text = f" {node.op} ".join(_render(arg, show, own) for arg in node.args)
    else:
        left, right = node.args
        second = _render(right, show, own + 1)
        if second.startswith("-") and own > _STRENGTH["in"]:
            second = f"({second})"  # 846 - (-143), where a figure is negative as printed
        text = f"{_render(left, show, own)} {node.op} {second}"
    return f"({text})" if own < outer else text


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(
        self,
        source: str,
        variables: Mapping[str, bool],
        thresholds: Mapping[str, float],
        dimensions: Mapping[str, Set[str]],
        units: Units,
    ):
        self.source, self.variables, self.thresholds = source, variables, thresholds
        self.dimensions, self.units = dimensions, units
        self.tokens = list(_tokens(source, units))
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.either()
        if self.kind() != "end":
            self.fail("not expected here")
        if _height(node) > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} steps on top of one another")
        return node

    # what stands next

    def kind(self) -> str:
        return self.tokens[self.at][0]

    def word(self) -> str:
        return self.tokens[self.at][1]

    def take(self, *words: str) -> str:
        """The next token if it is one of these signs or words, else nothing."""
        kind, word, _ = self.tokens[self.at]
        if kind in ("sign", "keyword") and word in words:
            self.at += 1
            return word
        return ""

    def need(self, sign: str) -> None:
        if not self.take(sign):
            self.fail(f"{sign} is missing before this" if self.kind() != "end" else f"{sign} is missing at the end")

    def fail(self, reason: str, at: int | None = None) -> NoReturn:
        _, word, offset = self.tokens[self.at if at is None else at]
        raise ExpressionError(f"{word}: {reason}" if word else reason, offset, word)

    # tests

    def either(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} deep")
        node = self.joined("or", lambda: self.joined("and", self.negated))
        self.depth -= 1
        return node

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        start, node = self.at, part()
        parts = [node]
        while self.take(word):
            parts.append(part())
        if len(parts) == 1:
            return node
        for one in parts:
            if one.kind != "truth":
                self.fail(f"`{word}` joins tests, not {_a(one.kind)}", start)
        return Node(word, "truth", tuple(parts))

    def negated(self) -> Node:
        start, count = self.at, 0
        while self.take("not"):
            count += 1
        node = self.comparison()
        if count and node.kind != "truth":
            self.fail(f"`not` stands before a test, not before {_a(node.kind)}", start)
        return Node("not", "truth", (node,)) if count % 2 else node

    def comparison(self) -> Node:
        start, left = self.at, self.terms()
        if self.kind() == "keyword" and self.word() in ("in", "not", "has"):
            return self.membership(left, start)
        links: list[Node] = []
        signs = ""
        while True:
            at, sign = self.at, self.take(*_COMPARISONS)
            if not sign:
                break
            signs += sign
            if links and not any(set(signs) <= set(way) and "!" not in signs for way in ("<=", ">=")):
                self.fail("a chain of comparisons goes one way: a < b <= c, a == b == c", at)
            right = self.terms()
            links.append(self.compared(sign, left, right, at))
            left = right
        if not links:
            return left
        return links[0] if len(links) == 1 else Node("and", "truth", tuple(links))

    def compared(self, sign: str, left: Node, right: Node, at: int) -> Node:
        left, right = _as_date(left, right), _as_date(right, left)
        kinds = {_figure(left.kind), _figure(right.kind)}
        if len(kinds) > 1 or kinds & {"truth", "set", "words"}:
            self.fail(f"{_a(left.kind)} cannot be compared with {_a(right.kind)}", at)
        if kinds == {"text"} and sign not in ("==", "!="):
            self.fail("texts are equal or not; no text is less than another", at)
        test = Node(sign, "truth", (left, right))
        try:
            return _in_one_dimension(test, self.dimensions)
        except ValueError as error:
            self.fail(str(error), at)

    def membership(self, left: Node, start: int) -> Node:
        op = "has" if self.take("has") else "not in" if self.take("not") else "in"
        if op != "has":
            self.need("in")
        self.need("[")
        items = []
        while True:
            if self.kind() != "text":
                self.fail("a list holds texts in quotes")
            items.append(self.word()[1:-1])
            self.at += 1
            if not self.take(","):
                break
        self.need("]")
        if left.op != "field" or left.kind not in (("text", "words") if op == "has" else ("text",)):
            self.fail(f"`{op}` asks for a text, not {_a(left.kind)}", start)
        return Node(op, "truth", (left,), items=tuple(items))

    # values

    def terms(self) -> Node:
        return self.arithmetic(("+", "-"), lambda: self.arithmetic(("*", "/"), self.factor))

    def arithmetic(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        node = part()
        while True:
            at, sign = self.at, self.take(*signs)
            if not sign:
                return node
            right = part()
            node = Node(sign, self.result(sign, node.kind, right.kind, at), (node, right))

    def result(self, sign: str, left: str, right: str, at: int) -> str:
        """The kind that arithmetic on two kinds yields."""
        if sign == "-" and left == right == "date":
            return "number"
        if sign in "+-" and left == "date" and right == "number":
            return "date"
        if {left, right} <= {"interval", "number"}:
            return "interval" if "interval" in (left, right) else "number"
        self.fail(f"{_a(left)} and {_a(right)} do not go together", at)

    def factor(self) -> Node:
        start, count = self.at, 0
        while self.take("-"):
            count += 1
        node = self.atom()
        if count and node.kind not in ("interval", "number"):
            self.fail(f"{_a(node.kind)} has no negative", start)
        return Node("neg", node.kind, (node,)) if count % 2 else node

    def atom(self) -> Node:
        kind, word, _ = self.tokens[self.at]
        if self.take("("):
            node = self.either()
            self.need(")")
            return node
        if kind not in ("number", "amount", "text", "name"):
            self.fail("something is missing here" if kind == "end" else "not expected here")
        self.at += 1
        if kind == "number":
            return Node("number", "number", value=float(word))
        if kind == "amount":
            return _amount(word, self.units)
        if kind == "text":
            return Node("text", "text", name="", items=(word[1:-1],))
        if self.kind() == "sign" and self.word() == "(":
            return self.call(word)
        return self.named(word)

    def call(self, word: str) -> Node:
        start = self.at - 1
        if word not in FUNCTIONS:
            self.fail(f"no such function{_meant(word, FUNCTIONS)}; there are {', '.join(FUNCTIONS)}", start)
        self.need("(")
        args = [self.either()]
        while self.take(","):
            args.append(self.either())
        self.need(")")
        wanted = _TAKES.get(word) or ((_NUMERIC,) * len(args) if len(args) > 1 else (("set",),))
        if len(args) != len(wanted):
            self.fail(f"takes {'one thing' if len(wanted) == 1 else 'two things'}, not {len(args)}", start)
        for arg, kinds in zip(args, wanted, strict=True):
            if arg.kind not in kinds or arg.op != _PLAIN.get(word, arg.op):
                self.fail(f"takes a {_PLAINLY.get(word) or ' or a '.join(kinds)}, not a {arg.kind}", start)
        if word == "round" and not _whole(args[1]):
            self.fail(f"takes a whole number of digits, from {_DIGITS[0]} to {_DIGITS[-1]}", start)
        yields = args[0].kind if word in _TAKES or {arg.kind for arg in args} == {"number"} else "interval"
        return Node(word, _YIELDS.get(word, yields), tuple(args))

    def named(self, word: str) -> Node:
        at = self.at - 1
        name, _, field = word.partition(".")
        if word in MEASURES:
            if {"a", "b"} - set(self.variables):
                self.fail("needs two variables called a and b", at)
            return Node("measure", "number", name=word)
        if word in self.thresholds:
            return Node("number", "number", name=word, value=self.thresholds[word])
        if name not in self.variables:
            known = {**self.variables, **self.thresholds}
            self.fail(f"{name} is no variable of this rule{_meant(name, known)}; there are {', '.join(known)}", at)
        if not field:
            return Node("set", "set", name=name) if self.variables[name] else Node("interval", "interval", name=name)
        if field in SHOWN_FIELDS:
            return Node("field", "words", name=name, field=field)
        if field not in KINDS:
            self.fail(f"a claim has no field {field}{_meant(field, KINDS)}", at)
        return Node("field", KINDS[field], name=name, field=field)


def _tokens(source: str, units: Units) -> Iterator[tuple[str, str, int]]:
    at, end = 0, len(source.rstrip())
    while at < end:
        m = _TOKEN.match(source, at)
        if not m:
            while source[at].isspace():
                at += 1
            bad = re.match(r"[0-9][0-9A-Za-z_.]*|[A-Za-z_][A-Za-z0-9_.]*|.", source[at:])
            word = bad[0] if bad else source[at]
            raise ExpressionError(f"{word[:40]}: no expression is written like this", at, word[:40])
        kind = m.lastgroup or ""
        word = m[kind]
        if kind == "number" and _WORD.match(source, m.end()):
            unit = units.printed_unit(source[m.end() : end])
            if not units.unit_of(unit) or _WORD.match(source, m.end() + len(unit)):
                meant = re.match(r"[\w.%‰]*", source[m.start(kind) :])[0][:40]  # type: ignore[index]
                raise ExpressionError(f"{meant}: no expression is written like this", m.start(kind), meant)
            yield "amount", word + unit, m.start(kind)
            at = m.end() + len(unit)
            continue
        yield ("keyword" if word in _WORDS else kind), word, m.start(kind)
        at = m.end()
    yield "end", "", end


def _amount(printed: str, units: Units) -> Node:
    """A literal with a unit, in the base unit of its dimension; 2倍 is 2, as multiples are, and not 200 %."""
    digits = re.match(r"[0-9.]+", printed)[0]  # type: ignore[index]
    unit = units.unit_of(printed[len(digits) :])
    if unit is None:
        raise ExpressionError(f"{printed}: no such unit", 0, printed)
    factor, dimension = unit.factor * units.factor_of(unit.name), unit.dimension
    if unit.name in words("clauses")["times"]:
        factor, dimension = unit.factor, "times"
    return Node("amount", "interval", name=printed, field=dimension, value=float(Decimal(digits) * factor))


def _whole(node: Node) -> bool:
    """Whether a node is a whole number of digits, written out."""
    number = node.args[0] if node.op == "neg" else node
    return number.op == "number" and not number.name and number.value in _DIGITS


# ---- dimensions


def _in_one_dimension(test: Node, known: Mapping[str, Set[str]]) -> Node:
    """A comparison, given that the claims it compares with literals that have a unit are of the dimension of these.

    Raises ValueError where they cannot be.
    """
    if not any(part.op == "amount" for part in walk(test)):
        return test
    guards: dict[str, str] = {}
    _measured(test, known, guards)
    tests = [
        Node("in", "truth", (Node("field", "text", name=name, field="dimension"),), items=(dimension,))
        for name, dimension in sorted(guards.items())
    ]
    if not tests:
        return test
    return Node("given", "truth", (tests[0] if len(tests) == 1 else Node("and", "truth", tuple(tests)), test))


def _measured(node: Node, known: Mapping[str, Set[str]], guards: dict[str, str]) -> frozenset[Node] | None:
    """The claims and literals whose dimension the value of a node has: none of a plain number, None where that is open.

    `guards` gathers the claims that must be of the dimension of a literal.
    """
    if node.op in ("amount", "interval", "set") or (node.op == "field" and node.field in AMOUNT_FIELDS):
        return frozenset([node])
    sides = [_measured(arg, known, guards) for arg in node.args]
    if node.op in ("neg", "abs", "round", "sum"):
        return sides[0]
    if node.op in ("percent", "compound", "doublings"):
        return frozenset()
    spoken = frozenset().union(*filter(None, sides))
    literals = {part.field: part.name for part in spoken if part.op == "amount"}
    if node.op == "*" or (node.op == "/" and (not literals or not all(sides))):
        return _product(node, sides, literals)
    if literals:
        _alike(node, sides, spoken, literals, known, guards)
    return frozenset() if node.op == "/" else spoken


def _product(node: Node, sides: list[frozenset[Node] | None], literals: Mapping[str, str]) -> frozenset[Node] | None:
    left, right = sides
    if right == frozenset():
        return left
    if node.op == "*" and left == frozenset():
        return right
    if literals:
        raise ValueError(f"{next(iter(literals.values()))} is multiplied or divided into what has no unit")
    return None


def _alike(
    node: Node,
    sides: list[frozenset[Node] | None],
    spoken: frozenset[Node],
    literals: Mapping[str, str],
    known: Mapping[str, Set[str]],
    guards: dict[str, str],
) -> None:
    """Whether what is compared or added can be of the dimension of the literals in it."""
    (dimension, printed), *others = sorted(literals.items())
    if others:
        raise ValueError(f"{printed} is {dimension}, and {others[0][1]} is {others[0][0]}")
    for arg, side in zip(node.args, sides, strict=True):
        if side is None or (not side and not (arg.op == "number" and arg.value == 0)):
            hint = f"; percent({printed}) is a plain number" if dimension == "percent" else ""
            raise ValueError(f"{printed} is {dimension}, and what stands beside it has no unit{hint}")
    for name in {part.name for part in spoken if part.op != "amount"}:
        if known.get(name) and dimension not in known[name]:
            raise ValueError(f"{printed} is {dimension}, and {name} is {' or '.join(sorted(known[name]))}")
        if known.get(name) != {dimension}:
            guards[name] = dimension


def _as_date(node: Node, other: Node) -> Node:
    """A text beside a date is a date, if it is written as one."""
    if node.op == "text" and other.kind == "date" and _DATE.match(node.items[0]):
        try:
            return Node("date", "date", value=float(date.fromisoformat(node.items[0]).toordinal()), items=node.items)
        except ValueError:
            pass
    return node


def _figure(kind: str) -> str:
    return "number" if kind == "interval" else kind


def _height(node: Node) -> int:
    """How deep a tree goes, counted without recursion: a long sum is a deep tree."""
    height, row = 0, [node]
    while row:
        height, row = height + 1, [arg for one in row for arg in one.args]
    return height


def _a(kind: str) -> str:
    return f"an {kind}" if kind == "interval" else f"a {kind}"


def _meant(word: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(word, known, 1)
    return f" (did you mean {near[0]}?)" if near else ""

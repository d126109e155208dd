"""Loading rules: what is read, and where an error stands."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.check import Rule, load_rule, load_rules, rule_tests, run_tests
from checker.check.cases import lacking
from checker.check.fields import DATE_FIELDS, TEXT_FIELDS
from checker.check.rules import CLOSED
from checker.errors import BadData
from checker.model import (
    ATTRIBUTES,
    LEVELS,
    MODALITIES,
    QUALIFIERS,
    Audit,
    Claim,
    Finding,
    Hypothesis,
    claim_of,
    field_names,
)
from checker.vocabulary import rules_dir

GOOD = """\
id: made-up
level: error
since: "0.1"
title: {zh: 题, en: Title}
message:
  zh: "{a.text}与{b.text}"
  en: "{a.text} and {b.text} of {metric}"
why: {zh: 因, en: Why}
claims:
  a: {attribute: level}
  b: {attribute: [level, growth]}
same: [series]
where:
  - a.period_start == b.period_start
  - >-
    a.period_end < b.period_end
    and a.unit == b.unit
holds: b >= a
explained_by:
  - id: told
    title: {zh: 说, en: Told}
    text: [修订]
tests:
  - name: one
    documents:
      a.txt: 一
      b.txt: {date: 2021-01-01, place: 清河市, text: 二}
    finds:
      - {numbers: [1元, 2元], level: error}
  - name: two
    documents: {a.txt: 三}
    finds: []
"""


def written(tmp_path: Path, old: str = "", new: str = "", name: str = "made-up.yaml") -> Path:
    assert old in GOOD
    path = tmp_path / name
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_rule(tmp_path: Path) -> None:
    rule = load_rule(written(tmp_path))
    assert (rule.id, rule.level, rule.verdict, rule.documents) == ("made-up", "error", "unexplained", "any")
    assert [variable.name for variable in rule.variables] == ["a", "b"]
    assert len(rule.where) == 3 and not rule.swappable
    first, second = rule_tests(rule)
    assert first.documents["b.txt"] == {"date": "2021-01-01", "place": "清河市", "text": "二"}
    assert first.finds[0].numbers == ("1元", "2元") and second.finds == ()


def test_only_rules_that_read_the_same_both_ways_are_swappable(shipped: dict[str, Rule]) -> None:
    assert all(shipped[id].swappable for id in ("same-fact", "printed-twice", "reprinted-passage"))
    assert not shipped["cumulative"].swappable and not shipped["revision"].swappable


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "says"),
    [
        ("level: error\n", "levl: error\n", 2, 1, "unknown key 'levl' (did you mean 'level'?): levl: error"),
        ("level: error\n", "level: fatal\n", 2, 8, "fatal is none of error, warning, note"),
        ("id: made-up", "id: Made Up", 1, 5, "does not match"),
        ("same: [series]", "same: [serie]", 12, 8, "serie is none of"),
        ("holds: b >= a", "holds: b >= c", 18, 13, "c is no variable of this rule"),
        ("holds: b >= a", "holds: b + a", 18, 8, "must be true or false"),
        ("holds: b >= a", "holds: b.__class__ >= a", 18, 8, "no field __class__"),
        ("and a.unit == b.unit", "and a.uint == b.unit", 17, 9, "no field uint (did you mean unit?)"),
        ("and a.unit == b.unit", "and b.unit == a.untt", 17, 19, "no field untt"),
        ("  - a.period_start == b.period_start", "  - a.period_start == b", 14, 20, "cannot be compared"),
        ("of {metric}", "of {metrics}", 7, 33, "{metrics} is neither a field"),
        ("of {metric}", "of {a.text.strip}", 7, 33, "is neither"),
        ("of {metric}", "of {", 7, 7, "a brace stands alone"),
        ("  b: {attribute: [level, growth]}", "  not: {attribute: level}", 11, 3, "not is a word of the language"),
        ("  b: {attribute: [level, growth]}", "  b: {attribute: levels}", 11, 18, "levels"),
        ("  b: {attribute: [level, growth]}", "  b: {set: true}", 18, 10, "a set cannot be compared with an interval"),
        ("    text: [修订]\n", "", 20, 5, ""),
        ("  - name: two", "  - name: one", 30, 11, "a test is called 'one' already"),
        ("tests:", "testing:", 23, 1, "unknown key 'testing'"),
        ("id: made-up\n", "id: made-up\nid: again\n", 2, 1, "key 'id' stands here a second time"),
    ],
)
def test_errors_say_where(tmp_path: Path, old: str, new: str, line: int, column: int, says: str) -> None:
    path = written(tmp_path, old, new)
    with pytest.raises(BadData) as caught:
        load_rule(path)
    error = caught.value
    assert says in error.reason
    assert (error.path, error.line, error.column) == (str(path), line, column)
    assert path.read_text(encoding="utf-8").split("\n")[(error.line or 1) - 1].strip()[:40] in error.reason


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (
            "concept: 地区生产总植",
            "no concept of the vocabulary is called 地区生产总植 (did you mean '地区生产总值'?)",
        ),
        ("concept: [地区生产总值, gpd]", "no concept of the vocabulary is called gpd (did you mean '地区生产总值'?)"),
        ("concept: GDP", "no concept of the vocabulary is called GDP (did you mean '地区生产总值'?)"),
        (
            "metric: 固定资产投姿",
            "no metric of the vocabulary is called 固定资产投姿 (did you mean '固定资产投资'?); other words",
        ),
        ("kind: flows", "no kind of the vocabulary is called flows (did you mean 'flow'?)"),
        ("price_level: curent", "(did you mean 'current'?)"),
        ("dimension: monney", "(did you mean 'money'?)"),
        ("unit: 兆元", "no unit of the vocabulary is called 兆元"),
        ("modality: actul", "actul"),
    ],
)
def test_values_that_the_vocabulary_does_not_know(tmp_path: Path, field: str, says: str) -> None:
    path = written(tmp_path, "a: {attribute: level}", f"a: {{attribute: level, {field}}}")
    word = re.findall(r"[^\s\]]+", field)[-1].strip("]")
    with pytest.raises(BadData) as caught:
        load_rule(path)
    assert says in caught.value.reason
    assert (caught.value.line, caught.value.column) == (
        10,
        path.read_text(encoding="utf-8").split("\n")[9].index(word) + 1,
    )


@pytest.mark.parametrize(
    "field",
    [
        "concept: null",
        "metric: GDP",
        "metric: 地区生产总值",
        "kind: flow",
        "unit: 元/吨",
        "unit: '%'",
        "dimension: times",
    ],
)
def test_values_that_the_vocabulary_knows(tmp_path: Path, field: str) -> None:
    assert load_rule(written(tmp_path, "a: {attribute: level}", f"a: {{attribute: level, {field}}}"))


@pytest.mark.parametrize(
    ("test", "word"),
    [
        ('a.concept in ["地区生产总值", "gpd"]', "gpd"),
        ('b.modality == "actul"', "actul"),
        ('a.kind not in ["flow"] or a.attribute != "levl"', "levl"),
        ('a.unit in ["圆圆"]', "圆圆"),
    ],
)
def test_values_in_a_test_that_the_vocabulary_does_not_know(tmp_path: Path, test: str, word: str) -> None:
    path = written(tmp_path, "  - a.period_start == b.period_start", f"  - a.period_start == b.period_start and {test}")
    with pytest.raises(BadData) as caught:
        load_rule(path)
    assert f"of the vocabulary is called {word}" in caught.value.reason
    line = path.read_text(encoding="utf-8").split("\n")[(caught.value.line or 1) - 1]
    assert line[(caught.value.column or 1) - 1 :].startswith(word)


def test_fields_with_few_values_have_those_of_the_vocabulary() -> None:
    schema = json.loads((rules_dir() / "vocabulary" / "schemas" / "metrics.json").read_text(encoding="utf-8"))
    entry = schema["properties"]["metrics"]["items"]["properties"]
    assert CLOSED["kind"] == set(entry["kind"]["enum"])
    assert CLOSED["price_level"] == CLOSED["price_growth"] == set(schema["$defs"]["price"]["enum"])
    assert CLOSED["growth_basis"] == set(entry["growth_basis"]["enum"])


def test_a_literal_of_a_dimension_that_a_variable_never_has(tmp_path: Path) -> None:
    path = written(tmp_path, "a: {attribute: level}", "a: {attribute: level, unit: 元}")
    path.write_text(
        path.read_text(encoding="utf-8").replace("holds: b >= a", "holds: b >= a and a >= 3.5%"), encoding="utf-8"
    )
    with pytest.raises(BadData, match=r"3\.5% is percent, and a is money") as caught:
        load_rule(path)
    assert (caught.value.line, caught.value.column) == (18, 21)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ("{sum: {is: a + c, as: a}}", "c is no variable"),
        ("{sum: {is: a > b, as: a}}", "must be an interval"),
        ("{sum: {is: a + b, as: c}}", "c is no variable that stands for one claim"),
        ("{metric: {is: a + b, as: a}}", "metric is a field of every finding"),
        ("{sum: {is: a + b}}", "as"),
    ],
)
def test_values_that_cannot_be_worked_out(tmp_path: Path, values: str, says: str) -> None:
    with pytest.raises(BadData, match=says):
        load_rule(written(tmp_path, "holds: b >= a", f"holds: b >= a\nvalues: {values}"))


THRESHOLD = "thresholds:\n  most: {value: 2, title: {zh: 题, en: Title}}\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "says"),
    [
        ("most:", "b:", 19, 3, "b has a meaning already"),
        ("most:", "days:", 19, 3, "days has a meaning already"),
        ("most:", "title:", 19, 3, "title has a meaning already"),
        ("most:", "formula:", 19, 3, "formula has a meaning already"),
        ("most:", "percent:", 19, 3, "percent has a meaning already"),
        ("most:", "equal_neighbours:", 19, 3, "equal_neighbours has a meaning already"),
        ("most:", "and:", 19, 3, "and has a meaning already"),
        ("most:", "gap:", 19, 3, "gap has a meaning already"),
        ("most:", "least:", 20, 17, "most is no variable of this rule; there are a, b, least"),
        ("most:", "Most:", 19, 3, "does not match"),
        ("value: 2", "value: '2'", 19, 17, "2 is not a number"),
        ("value: 2", "value: 1e19", 19, 17, "greater than the maximum"),
        ("value: 2, ", "", 19, 9, "key 'value' is missing"),
        (", title: {zh: 题, en: Title}", "", 19, 9, "key 'title' is missing"),
        ("b >= a * most", "b >= a", 19, 3, "no expression uses most"),
    ],
)
def test_thresholds_that_make_no_sense(tmp_path: Path, old: str, new: str, line: int, column: int, says: str) -> None:
    text = THRESHOLD + "holds: b >= a * most\nvalues: {gap: {is: b - a, as: a}}"
    assert old in text
    path = written(tmp_path, "holds: b >= a", text.replace(old, new, 1))
    with pytest.raises(BadData) as caught:
        load_rule(path)
    assert says in caught.value.reason
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("holds: b >= a", "holds: b >= a * most"),
        ("holds: b >= a", "holds: b >= a\nunless: b - a > most"),
        ("holds: b >= a", "holds: b >= a\nvalues: {gap: {is: a * most, as: a}}"),
        ("a.unit == b.unit", "a.step > most"),
        ("    text: [修订]", "    when: b > most * a"),
    ],
)
def test_a_threshold_is_used_anywhere(tmp_path: Path, old: str, new: str) -> None:
    path = written(tmp_path, old, new)
    path.write_text(path.read_text(encoding="utf-8") + THRESHOLD, encoding="utf-8")
    (threshold,) = load_rule(path).thresholds
    assert (threshold.name, threshold.value, threshold.title["en"]) == ("most", 2.0, "Title")


def test_a_cause_looks_in_variables_that_exist(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="c is no variable of this rule"):
        load_rule(written(tmp_path, "    text: [修订]\n", "    text: [修订]\n    in: [c]\n"))


HYPOTHESIS = "{{id: off, title: {{zh: 一, en: One}}, were: {0}}}"


@pytest.mark.parametrize(
    ("were", "column", "says"),
    [
        ("{a: 2 * c}", 63, "c is no variable of this rule"),
        ("{a: a.value}", 59, "must be an interval, but this is a number"),
        ("{a: a == b}", 59, "must be an interval, but this is a truth"),
        ("{c: a}", 56, "c is no variable that stands for one claim"),
        ("{a: a, b: b}", 55, ""),
        ("{}", 55, ""),
    ],
)
def test_hypotheses_that_cannot_be_tried(tmp_path: Path, were: str, column: int, says: str) -> None:
    path = written(tmp_path, "holds: b >= a", f"holds: b >= a\nhypotheses: [{HYPOTHESIS.format(were)}]")
    with pytest.raises(BadData) as caught:
        load_rule(path)
    assert says in caught.value.reason
    assert (caught.value.line, caught.value.column) == (19, column)


def test_a_hypothesis_stands_once(tmp_path: Path) -> None:
    given = HYPOTHESIS.format("{a: 2 * b}")
    path = written(tmp_path, "holds: b >= a", f"holds: b >= a\nhypotheses: [{given}]")
    (one,) = load_rule(path).hypotheses
    assert (one.id, one.variable, one.title["en"]) == ("off", "a", "One")
    path = written(tmp_path, "holds: b >= a", f"holds: b >= a\nhypotheses: [{given}, {given}]")
    with pytest.raises(BadData, match="hypothesis off stands here a second time"):
        load_rule(path)


def test_claims_that_nothing_ties_together(tmp_path: Path) -> None:
    path = tmp_path / "loose.yaml"
    text = GOOD.replace("same: [series]\n", "").replace("  - a.period_start == b.period_start\n", "")
    path.write_text(text.replace("    and a.unit == b.unit\n", ""), encoding="utf-8")
    with pytest.raises(BadData, match="b is tied to the other claims neither by `same`"):
        load_rule(path)


def test_what_may_be_asked_of_a_set(tmp_path: Path) -> None:
    path = tmp_path / "set.yaml"
    text = GOOD.replace("[level, growth]}", "level, set: true}").replace("{b.text}", "{b.sum}")
    path.write_text(text.replace("b >= a", "sum(b) >= a"), encoding="utf-8")
    with pytest.raises(BadData, match="the set b can be related to other claims by == between fields only") as caught:
        load_rule(path)
    assert caught.value.line == 15 or caught.value.line == 14
    text = text.replace("a.period_end < b.period_end", "a.period_end == b.period_end")
    path.write_text(text.replace("b >= a", "sum(b) >= a and b.value > 1"), encoding="utf-8")
    with pytest.raises(BadData, match="b is a set: use sum, count, min, max") as caught:
        load_rule(path)
    assert caught.value.line == 18
    path.write_text(text.replace("b >= a", "sum(b) >= a"), encoding="utf-8")
    assert load_rule(path).variables[1].many


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("b: {attribute: [level, growth]}", "b: {attribute: level, set: places}", "`of` goes with"),
        ("b: {attribute: [level, growth]}", "b: {attribute: level, of: a}", "`of` goes with"),
        (
            "b: {attribute: [level, growth]}",
            "b: {attribute: level, set: places, of: c}",
            "c is no variable that stands",
        ),
        (
            "b: {attribute: [level, growth]}",
            "b: {attribute: level, set: places, of: b}",
            "b is no variable that stands",
        ),
        ("b: {attribute: [level, growth]}", "b: {attribute: level, set: places, of: a}", "differ from it in series"),
        ("b: {attribute: [level, growth]}", "b: {attribute: level, set: placs, of: a}", "placs"),
        ("b: {attribute: [level, growth]}", "b: {attribute: level, set: or_none}", "b may be none in a document"),
        (
            "a: {attribute: level}",
            "a: {attribute: level, document_kind: budgt report}",
            "(did you mean 'budget report'?)",
        ),
    ],
)
def test_sets_that_cannot_be(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = written(tmp_path, old, new)
    text = path.read_text(encoding="utf-8").replace(
        "holds: b >= a", "holds: sum(b) >= a" if "set" in new else "holds: b >= a"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadData) as caught:
        load_rule(path)
    assert says in caught.value.reason


def test_folders(tmp_path: Path) -> None:
    for name, id in (("one", "b-rule"), ("two", "a-rule")):
        (tmp_path / name).mkdir()
        written(tmp_path / name, "made-up", id, f"{id}.yaml")
    assert [rule.id for rule in load_rules([tmp_path / "one", str(tmp_path / "two")])] == ["a-rule", "b-rule"]
    written(tmp_path / "two", "made-up", "b-rule", "z.yaml")
    with pytest.raises(BadData) as caught:
        load_rules([tmp_path / "one", tmp_path / "two"])
    assert "a rule with id b-rule is in" in caught.value.reason and caught.value.line == 1
    with pytest.raises(BadData, match="no such folder"):
        load_rules([tmp_path / "three"])


@pytest.mark.parametrize("content", ["[" * 200_000, "a: &a [*a]", "holds: " + "(" * 900_000, "\x00"])
def test_monsters(tmp_path: Path, content: str) -> None:
    path = tmp_path / "monster.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadData):
        load_rules([tmp_path])


def test_a_megabyte_of_expression(tmp_path: Path) -> None:
    path = written(tmp_path, "holds: b >= a", "holds: b >= a" + " + a" * 200_000)
    with pytest.raises(BadData):
        load_rule(path)


def test_the_schema_says_what_the_code_knows() -> None:
    schema = json.loads((rules_dir() / "schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    named = schema["$defs"]
    assert named["level"]["enum"] == list(LEVELS)
    assert named["attribute"]["enum"] == list(ATTRIBUTES)
    assert named["modality"]["enum"] == list(MODALITIES)
    assert named["qualifier"]["enum"] == list(QUALIFIERS)
    assert set(schema["properties"]["same"]["items"]["enum"]) <= {*TEXT_FIELDS, *DATE_FIELDS}
    assert set(named["selector"]["properties"]) - {"set", "of"} <= set(TEXT_FIELDS)


def test_shipped_rules_name_the_schema_and_their_file(shipped: dict[str, Rule]) -> None:
    assert shipped
    for id, rule in shipped.items():
        path = Path(rule.path)
        assert path.stem == id
        assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")
        assert not lacking(rule)


def test_loading_rules_needs_neither_numpy_nor_jsonschema() -> None:
    code = (
        "import sys; from checker.check import load_rules; from checker.vocabulary import rules_dir;"
        "load_rules([rules_dir()]); print([m for m in ('numpy', 'pandas', 'jsonschema') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=rules_dir().parent
    )
    assert done.stdout.strip() == "[]"


# ---- the tests that rules carry


def claim(id: str, number: str) -> Claim:
    fixed: dict[str, Any] = dict.fromkeys(field_names(Claim))
    return claim_of(**fixed | {"id": id, "number": number, "text": number + " 元", "line_to": None})


def finding(level: str, *ids: str, rule: str = "made-up") -> Finding:
    words = {"zh": "话", "en": "words"}
    return Finding("f", rule, level, "unexplained", words, words, words, ids, "", "", "", None, None, severity=level)


def test_a_test_may_expect_a_hypothesis(tmp_path: Path) -> None:
    rule = load_rule(written(tmp_path, "level: error}\n  - name: two", "hypothesis: 3元}\n  - name: two"))
    slip = Hypothesis("swapped", {"zh": "话", "en": "words"}, "x", "1元", "3元")
    found = finding("error", "x", "y")
    assert not run_tests([rule], audited(replace(found, hypotheses=(slip,))))
    (failure,) = run_tests([rule], audited(found))
    assert failure.reason == "1元, 2元: names nothing, not 3元"
    (failure,) = run_tests([rule], audited(replace(found, hypotheses=(replace(slip, corrected="4元"),))))
    assert failure.reason == "1元, 2元: names 4元, not 3元"


def audited(*findings: Finding) -> Callable[[Any], Audit]:
    """An audit that finds this in the first test and nothing in the second."""
    claims = (claim("x", "1"), claim("y", "2"), claim("z", "3"))

    def audit(documents: Any) -> Audit:
        return Audit((), claims, (), (), findings if "b.txt" in documents else ())

    return audit


@pytest.mark.parametrize(
    ("findings", "reasons"),
    [
        ((finding("error", "x", "y"),), []),
        ((finding("error", "y", "z", "x"),), []),
        ((finding("error", "x", "y"), finding("error", "x", "z", rule="another")), []),
        ((), ["nothing found over 1元, 2元"]),
        ((finding("error", "x", "z"),), ["nothing found over 1元, 2元", "finds 1 元, 3 元 as well: words"]),
        ((finding("note", "x", "y"),), ["1元, 2元: level is note, not error"]),
        ((finding("error", "x", "y"), finding("error", "x", "y", "z")), ["finds 1 元, 2 元, 3 元 as well: words"]),
    ],
)
def test_run_tests(tmp_path: Path, findings: tuple[Finding, ...], reasons: list[str]) -> None:
    failures = run_tests([load_rule(written(tmp_path))], audited(*findings))
    assert [(f.rule, f.test, f.reason) for f in failures] == [("made-up", "one", reason) for reason in reasons]


def test_a_rule_needs_a_firing_and_a_silent_case(tmp_path: Path) -> None:
    silent = load_rule(written(tmp_path, "\n      - {numbers: [1元, 2元], level: error}", " []"))
    assert [str(f) for f in run_tests([silent], audited())] == ["made-up: no test in which it finds something"]
    firing = load_rule(written(tmp_path, "    finds: []\n", "    finds: [{numbers: [3元]}]\n"))
    assert "made-up: no test in which it stays silent" in [str(f) for f in lacking(firing)]

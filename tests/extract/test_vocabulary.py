"""The vocabulary in rules/vocabulary: strict files, one meaning for each spelling."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import checker.extract
from checker.align.phrases import phrases
from checker.errors import BadData
from checker.extract.parts import compile_parts
from checker.metrics import metrics
from checker.vocabulary import rules_dir, words
from checker.yamlfile import fits, load, load_text

FOLDER = rules_dir() / "vocabulary"
EXTRACT = Path(checker.extract.__file__).parent
MODULES = sorted(EXTRACT.rglob("*.py"))
IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
NUMERALS_AND_ENDS = {*"零一二三四五六七八九十两百千万亿", "\u4e00", "\u9fa5", "\u9fff"}
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def source(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def schema(name: str) -> Any:
    return load(FOLDER / "schemas" / f"{name}.json")


def refused(name: str, text: str) -> BadData:
    with pytest.raises(BadData) as caught:
        load_text(text, f"{name}.yaml", schema(name))
    return caught.value


# ---- files and schemas


def test_every_file_has_a_schema_and_names_it() -> None:
    assert sorted(path.stem for path in (FOLDER / "schemas").glob("*.json")) == NAMES
    for name in NAMES:
        assert source(name).startswith(f"# yaml-language-server: $schema=schemas/{name}.json\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_fits_its_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    data = words(name)
    assert Draft202012Validator(schema(name)).is_valid(data)
    # ... and no keyword is used that would need jsonschema at each start of the program.
    assert fits(data, schema(name), schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_key_is_refused_with_its_line(name: str) -> None:
    text = source(name)
    error = refused(name, text + "\nno_such_key: 1\n")
    assert (error.path, error.line, error.column) == (f"{name}.yaml", text.count("\n") + 2, 1)
    assert "unknown key 'no_such_key'" in error.reason


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_key_is_refused(name: str) -> None:
    assert "is missing" in refused(name, "{}").reason
    assert "is not an object" in refused(name, "[]").reason


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("units", "dimension: usd", "dimesion: usd", "unknown key 'dimesion' (did you mean 'dimension'?)"),
        ("units", "dimension: usd", "dimension: 5", "5 is not a string"),
        ("units", "{dimension: sdr}", "{dimension: sdr, aliases: 美金}", "美金 is not an array"),
        ("units", "万: 10000,", "万: lots,", "lots is not an integer"),
        ("qualifiers", "\nabout:", "\naround:", "unknown key 'around'"),
        ("qualifiers", "steps: 1, open: true", "steps: 1, opne: true", ""),
        ("qualifiers", "times: 0.95", "times: many", ""),
        ("cues", "\nup: [增长,", "\nup: [增长, 增长,", ""),
        ("cues", "\ndown: [", "\ndwon: [", "unknown key 'dwon' (did you mean 'down'?)"),
        ("periods", "covers: half1,", "covers: half,", "half is none of"),
        ("periods", "covers: half1,", "cover: half1,", "unknown key 'cover' (did you mean 'covers'?)"),
        ("periods", "looking_back_until: 6", "looking_back_until: 13", ""),
        ("metrics", "kind: flow", "kind: flows", "flows is none of flow, stock, rate, index (did you mean 'flow'?)"),
        ("metrics", "growth: constant", "growth: fixed", "fixed is none of current, constant"),
        ("metrics", "    kind: flow", "    kind: flow\n    until: 元", "unknown key 'until' (did you mean 'unit'?)"),
        ("metrics", "  - id: 地区生产总值", "  - idd: 地区生产总值", "unknown key 'idd' (did you mean 'id'?)"),
        ("metrics", "aliases: [生产总值,", "aliases: [生产总值, 5,", "5 is not a string"),
        ("metrics", "aliases: [生产总值,", "aliases: [生产总值, ' 总值',", "does not match"),
        ("contrasts", "- [一产, 二产, 三产]", "- [一产]", ""),
        ("contrasts", "- [一产, 二产, 三产]", "- 一产", "一产 is not an array"),
        ("relational", "  budgets:", "  budget:", "unknown key 'budget' (did you mean 'budgets'?)"),
    ],
)
def test_a_slip_is_refused_where_it_stands(name: str, old: str, new: str, says: str) -> None:
    text = source(name)
    assert old in text
    broken = text.replace(old, new, 1)
    error = refused(name, broken)
    assert says in error.reason
    assert error.line is not None and error.column is not None
    assert abs(error.line - (text[: text.index(old)].count("\n") + 1)) <= new.count("\n") + 1


# ---- one meaning for each spelling


def unit_spellings() -> Iterator[str]:
    for unit, entry in words("units")["units"].items():
        yield from (unit, *entry.get("aliases", []))
    yield from words("units")["counters"]


def metric_names() -> Iterator[str]:
    for entry in words("metrics")["metrics"]:
        yield from (entry["id"], *entry.get("aliases", []))


def twice(names: Iterator[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def test_no_spelling_of_a_unit_stands_twice() -> None:
    assert not twice(unit_spellings())


def test_no_spelling_of_a_unit_is_a_telling_name_too() -> None:
    named = [name for names in words("units")["names"].values() for name in names]
    assert not twice(iter(named))
    assert not set(unit_spellings()) & set(named)


def test_implied_units_and_chinese_numerals_name_units() -> None:
    known = set(unit_spellings())
    assert set(words("units")["implied"].values()) <= known
    for listed in ("small", "small_one", "never", "half_units"):
        assert set(words("numerals")[listed]) <= known, listed
    assert set(words("units")["counters_not_before"]) <= known


def test_units_convert_to_one_of_their_dimension() -> None:
    entries = words("units")["units"]
    bases = Counter(entry["dimension"] for entry in entries.values() if "factor" not in entry)
    for unit, entry in entries.items():
        if "factor" in entry:
            assert bases[entry["dimension"]] == 1, unit


PATTERNS = [
    (name, entry) for name, entry in words("numerals").items() if isinstance(entry, dict) and "pattern" in entry
]


@pytest.mark.parametrize(("name", "entry"), PATTERNS, ids=[name for name, _ in PATTERNS])
def test_a_pattern_of_numbers_reads_its_examples(name: str, entry: dict[str, Any]) -> None:
    """Each is searched where it ends in what stands in front of a number, and matched otherwise."""
    given = entry["pattern"]
    pattern = re.compile(given if isinstance(given, str) else "|".join(given))
    find = pattern.search if pattern.pattern.endswith("$") else pattern.match
    assert [text for text in entry["reads"] if not find(text)] == []
    assert [text for text in entry["not"] if find(text)] == []


def test_no_name_of_an_indicator_stands_twice() -> None:
    assert not twice(metric_names())


def test_indicators_are_in_units_that_exist() -> None:
    known = set(unit_spellings())
    assert not [entry["id"] for entry in words("metrics")["metrics"] if "unit" in entry and entry["unit"] not in known]


def test_what_is_shared_out_and_among_whom_are_indicators() -> None:
    kinds = {entry["id"]: entry["kind"] for entry in words("metrics")["metrics"]}
    shared = [entry["per_head"] for entry in words("metrics")["metrics"] if "per_head" in entry]
    assert shared
    assert [one for one in shared if one["total"] not in kinds or kinds.get(one["population"]) != "stock"] == []


def test_what_a_ratio_or_a_balance_is_made_of_are_indicators() -> None:
    entries = words("metrics")["metrics"]
    made = [(entry, list(entry[kind].values())) for kind in ("ratio", "balance") for entry in entries if kind in entry]
    assert made
    known = {entry["id"] for entry in entries}
    assert [entry["id"] for entry, of in made if not known.issuperset(of) or entry["id"] in of or of[0] == of[1]] == []


def test_no_indicator_has_names_that_contrast() -> None:
    for entry in words("metrics")["metrics"]:
        own = phrases().contrast_words(entry["id"])
        for alias in entry.get("aliases", []):
            for group in {g for g, _ in own} & {g for g, _ in phrases().contrast_words(alias)}:
                mine, theirs = ({w for g, w in side if g == group} for side in (own, phrases().contrast_words(alias)))
                assert mine & theirs, (entry["id"], alias)


def test_a_qualifier_stands_in_one_place() -> None:
    before = [word for entry in words("qualifiers").values() for word in entry.get("before", [])]
    after = [word for entry in words("qualifiers").values() for word in entry.get("after", [])]
    assert not twice(iter(before))
    assert not twice(iter(after))


# ---- budgets


@pytest.mark.parametrize("name", ["moved", "share_of", "of_budget"])
def test_a_pattern_around_the_name_of_a_budget_reads_its_examples(name: str) -> None:
    entry = words("relational")["budget_parts"][name]
    pattern = re.compile(entry["pattern"])
    find = pattern.search if pattern.pattern.endswith("$") else pattern.match
    assert [text for text in entry["reads"] if not find(text)] == []
    assert [text for text in entry["not"] if find(text)] == []


# ---- words and code


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_words_are_read_where_a_language_is_put_together_and_nowhere_else(path: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "words" not in called or path.stem == "language"
    assert "zh" not in called or path.stem in ("__init__", "own")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_code_holds_no_word_but_numerals(path: Path) -> None:
    """Chinese words are in rules/vocabulary; docstrings give examples, and a range of ideographs has its ends."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)]
    described = {ast.get_docstring(node, clean=False) for node in spoken}
    said = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert set(IDEOGRAPH.findall("".join(text for text in said if text not in described))) <= NUMERALS_AND_ENDS


# ---- lists and sums


@pytest.mark.parametrize("name", sorted(words("parts")["patterns"]))
def test_a_pattern_of_lists_and_sums_reads_its_examples(name: str) -> None:
    entry = words("parts")["patterns"][name]
    pattern = re.compile(entry["pattern"])
    assert [text for text in entry["reads"] if not pattern.search(text)] == []
    assert [text for text in entry["not"] if pattern.search(text)] == []


def test_compiled_words_of_lists_and_sums_are_frozen() -> None:
    parts = compile_parts(words("parts"), metrics())
    with pytest.raises(FrozenInstanceError):
        parts.sides = ()  # type: ignore[misc]

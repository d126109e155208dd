from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.errors import BadData
from checker.textfile import MAX_BYTES
from checker.yamlfile import bad, fits, load, load_text, locate

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$"},
        "level": {"enum": ["error", "warning", "note"]},
        "count": {"type": "integer", "minimum": 0},
        "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "words": {"$ref": "#/$defs/words"},
        "either": {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1}]},
    },
    "$defs": {
        "words": {"type": "object", "required": ["zh"], "additionalProperties": {"type": "string", "minLength": 1}}
    },
}


def refused(text: str, schema: dict[str, Any] | None = None, first_line: int = 1) -> BadData:
    with pytest.raises(BadData) as caught:
        load_text(text, "f.yaml", schema, first_line)
    return caught.value


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("# nothing", None),
        ("a: 1", {"a": 1}),
        ("a: [1, 2.5, true, null, ~, no, on]", {"a": [1, 2.5, True, None, None, "no", "on"]}),
        ("date: 2021-01-16", {"date": "2021-01-16"}),
        ("time: 12:30", {"time": "12:30"}),
        (
            "a: 007\nb: 0x1F\nc: 1_000\nd: .5\ne: -3\nf: 1e3",
            {"a": "007", "b": "0x1F", "c": "1_000", "d": ".5", "e": -3, "f": 1e3},
        ),
        ("a: '1'\nb: \"true\"", {"a": "1", "b": "true"}),
        ("a: >-\n  one\n  two\nb: |\n  three\n", {"a": "one two", "b": "three\n"}),
        ("地区: 清河市", {"地区": "清河市"}),
        ("- {a: []}\n- {}\n-", [{"a": []}, {}, None]),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("---\na: 1\n", {"a": 1}),
        ("n: " + "9" * 5000, {"n": "9" * 5000}),
    ],
)
def test_reads_what_json_can_say(text: str, data: Any) -> None:
    assert load_text(text, "f.yaml") == data


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("a: 1\nb: [1, 2\nc: 3", 3, 2, "not YAML"),
        ("a: 1\nb:\n  - x\n  a: 2", 4, 3, "not YAML"),
        ("a: 1\nb: 2\na: 3", 3, 1, "key 'a' stands here a second time: a: 3"),
        ("x:\n  - {a: 1, b: 2, a: 3}", 2, 18, "second time"),
        ("a: &x 1\nb: *x", 2, 4, "an alias (*x) is not allowed"),
        ("a: !!python/object/apply:os.system [ls]", 1, 4, "a tag"),
        ("a: !!binary aGk=", 1, 4, "a tag"),
        ("1: a", 1, 1, "a key must be text"),
        ("a: 1\n? [b]\n: 2", 2, 3, "a key must be text"),
        ("a: 1\n---\nb: 2", 2, 1, "a second document"),
        ("a: 1\nb: \x07", 2, 4, "not YAML"),
        ("a: 1e999", 1, 4, "too large"),
    ],
)
def test_refuses_with_the_place(text: str, line: int, column: int, says: str) -> None:
    error = refused(text)
    assert (error.path, error.line, error.column) == ("f.yaml", line, column)
    assert says in error.reason
    assert str(error).startswith(f"f.yaml:{line}:{column}: ")


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("id: a\nlevle: error", 2, 1, "unknown key 'levle' (did you mean 'level'?): levle: error"),
        ("id: a\nlevel: eror", 2, 8, "eror is none of error, warning, note (did you mean 'error'?): level: eror"),
        ("id: a\ncount: many", 2, 8, "many is not an integer: count: many"),
        ("id: a\nnames:\n  - x\n  - 5", 4, 5, "5 is not a string: - 5"),
        ("level: error", 1, 1, "key 'id' is missing"),
        ("id: a\nwords: {en: x}", 2, 8, "key 'zh' is missing"),
        ("id: A1", 1, 5, "does not match"),
        ("- id: a", 1, 1, "is not an object"),
        ("# a comment\nid: a\nwords:\n  zh: ''\ncount: -1", 4, 7, ""),
    ],
)
def test_schema_violations_with_the_place(text: str, line: int, column: int, says: str) -> None:
    error = refused(text, SCHEMA)
    assert (error.line, error.column) == (line, column)
    assert says in error.reason


def test_the_first_line_of_text_in_another_file() -> None:
    assert refused("id: a\nlevle: x", SCHEMA, first_line=2).line == 3
    assert refused("id: [", SCHEMA, first_line=2).line in (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 400_000,
        "- " * 400_000,
        "? " * 400_000,
        "{a: " * 200_000,
        "\n".join(" " * k + "a:" for k in range(1000)),
        "a: &a [x]\n" + "\n".join(f"b{k}: &b{k} [{', '.join(['*a'] * 9)}]" for k in range(9)),
        "&a " * 300_000,
        "'" * 900_001,
        "-\n" * 300_000,
        "a: 1\n" * 150_000,
        "x" * (MAX_BYTES + 1),
        "!" * 900_000,
    ],
    ids=lambda text: text[:8],
)
def test_monsters_are_refused_in_bounded_time(text: str) -> None:
    start = time.perf_counter()
    error = refused(text, SCHEMA)
    assert time.perf_counter() - start < 8
    assert len(error.reason) < 400


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with pytest.raises(BadData, match="cannot be read"):
        load(path)
    path.write_bytes(b"\xef\xbb\xbfid: a\n")
    assert load(path, SCHEMA) == {"id": "a"}
    path.write_bytes(b"id: a\nlevel: \xff\xfe\n")
    with pytest.raises(BadData) as caught:
        load(path)
    assert (caught.value.line, caught.value.column, caught.value.reason) == (2, 8, "not UTF-8")
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(BadData, match="larger than"):
        load(path)


def test_a_schema_in_a_file(tmp_path: Path) -> None:
    schema, path = tmp_path / "schema.json", tmp_path / "a.yaml"
    schema.write_text('{"type": "array"}', encoding="utf-8")
    path.write_text("- 1", encoding="utf-8")
    assert load(path, schema) == [1]
    path.write_text("a: 1", encoding="utf-8")
    with pytest.raises(BadData, match="not an array"):
        load(path, schema)


def test_locate(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        "id: a\nlist:\n  - x: 1\n  - where: >-\n      a.unit == b.unit\n      and a.uint == 1\n", encoding="utf-8"
    )
    assert locate(path, ["list", 1, "where"], key=True)[:2] == (4, 5)
    assert locate(path, ["list", 0, "x"]) == (3, 8, "  - x: 1")
    assert locate(path, ["list", 1, "where"], word="a.uint")[:2] == (6, 11)
    assert locate(path, ["list", 1, "where"], word="unit", nth=1)[:2] == (5, 19)
    assert locate(path, ["list", 7])[:2] == (3, 3)
    assert locate(path, [])[:2] == (1, 1)
    assert str(bad(path, ["id"], "taken")) == f"{path}:1:5: taken: id: a"


# ---- the quick check of schemas against jsonschema

json_data = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.sampled_from([0.5, 1.0, 2.0])
    | st.sampled_from(["", "a", "zh", "error", "A"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "level", "count", "names", "words", "either", "zh", "x"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
SCHEMAS: list[dict[str, Any]] = [
    SCHEMA,
    {
        "properties": {"zh": {"type": "string"}},
        "patternProperties": {"^x": {"type": "integer"}},
        "additionalProperties": {"const": 1},
    },
    {"type": ["array", "null"], "items": {"enum": [1, "a", True]}, "minItems": 1, "maxItems": 2},
    {"allOf": [{"type": "number"}, {"minimum": 0}], "exclusiveMaximum": 3},
    {"propertyNames": {"pattern": "^[a-y]"}, "minProperties": 1, "maxProperties": 2},
    {"anyOf": [{"type": "integer"}, {"maxLength": 1, "type": "string"}]},
]


@given(json_data, st.sampled_from(SCHEMAS))
def test_the_quick_check_agrees_with_jsonschema(data: Any, schema: dict[str, Any]) -> None:
    quick, sure = fits(data, schema, schema), Draft202012Validator(schema).is_valid(data)
    assert not quick or sure  # what passes quickly is valid
    if "uniqueItems" not in str(schema):
        assert quick == sure  # and for these keywords nothing valid is left to jsonschema


def test_a_keyword_only_jsonschema_knows() -> None:
    schema = {"if": {"type": "string"}, "then": {"const": "a"}}
    assert load_text("a", "f.yaml", schema) == "a"
    assert "expected" in refused("b", schema).reason


def test_a_vocabulary_of_thousands_of_lines_is_quick() -> None:
    def entry(k: int) -> str:
        return f"- id: {'abcdefghij'[k % 10] * 9}\n  names: [名称{k}, 别名{k}]\n  words: {{zh: 词}}\n"

    text = "".join(map(entry, range(2000)))
    start = time.perf_counter()
    data = load_text(
        text,
        "f.yaml",
        {"type": "array", "items": {"$ref": "#/$defs/entry"}, "$defs": {"entry": SCHEMA, **SCHEMA["$defs"]}},
    )
    seconds = time.perf_counter() - start
    print(f"\n{len(data) * 3:,} lines in {seconds:.3f} s")
    assert seconds < 2

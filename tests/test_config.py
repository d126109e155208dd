"""Which file holds the settings of a project, what may stand in it, and how a mistake is told."""

from __future__ import annotations

import time
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from checker.config import Config, load
from checker.errors import BadSetting

EVERYTHING = """\
rules = ["mine", "sub/more"]
exclude = ["drafts", "*/2019/*"]
select = ["s"]
ignore = ["streak"]
fail-on = "warning"
lang = "en"
manifest = "list.yaml"
paths = ["new", "one.txt"]
collection = "reports.db"
baseline = "known/baseline"
vocabulary = ["words", "more.yaml"]

[levels]
same-fact = "note"
revision = "off"

[thresholds.same-fact]
revision_days = 90
"""


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def refused(path: Path) -> BadSetting:
    with pytest.raises(BadSetting) as caught:
        load(path.parent)
    assert caught.value.path == str(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400 + len(str(path))
    return caught.value


def test_nothing_is_set(tmp_path: Path) -> None:
    assert load(tmp_path) == Config()


def test_everything_is_set(tmp_path: Path) -> None:
    path = put(tmp_path, "checker.toml", EVERYTHING)
    (tmp_path / "mine").mkdir()
    (tmp_path / "sub" / "more").mkdir(parents=True)
    put(tmp_path, "list.yaml", "documents: {}")
    put(tmp_path, "more.yaml", "markers: []")
    (tmp_path / "words").mkdir()
    config = load(tmp_path / "sub")
    assert config == Config(
        path=path,
        rules=(tmp_path / "mine", tmp_path / "sub/more"),
        exclude=("drafts", "*/2019/*"),
        select=("s",),
        ignore=("streak",),
        levels={"same-fact": "note", "revision": "off"},
        thresholds={"same-fact": {"revision_days": 90.0}},
        fail_on="warning",
        lang="en",
        manifest=tmp_path / "list.yaml",
        paths=(tmp_path / "new", tmp_path / "one.txt"),
        collection=tmp_path / "reports.db",
        baseline=tmp_path / "known/baseline",
        vocabulary=(tmp_path / "words", tmp_path / "more.yaml"),
    )
    with pytest.raises(FrozenInstanceError):
        config.lang = "zh"  # type: ignore[misc]


def test_a_table_of_pyproject(tmp_path: Path) -> None:
    path = put(tmp_path, "pyproject.toml", '[project]\nname = "x"\n[tool.checker]\nlang = "zh"\n')
    assert load(tmp_path) == Config(path=path, lang="zh")


def test_the_nearest_counts_and_nothing_is_merged(tmp_path: Path) -> None:
    put(tmp_path, "checker.toml", 'lang = "zh"\nfail-on = "error"\n')
    near = put(tmp_path / "a", "pyproject.toml", '[tool.checker]\nlang = "en"\n')
    assert load(tmp_path / "a") == load(tmp_path / "a" / "b" / "c") == Config(path=near, lang="en")
    assert load(tmp_path).fail_on == "error"


def test_a_pyproject_that_says_nothing_of_checker_is_passed_over(tmp_path: Path) -> None:
    above = put(tmp_path, "checker.toml", 'lang = "zh"\n')
    for text in ("", "[tool.other]\nlang = 3\n", "tool = 3\n", "[checker]\nlang = 3\n"):
        put(tmp_path / "a", "pyproject.toml", text)
        assert load(tmp_path / "a").path == above


def test_thresholds_are_numbers(tmp_path: Path) -> None:
    put(tmp_path, "pyproject.toml", "[tool.checker.thresholds.some-rule]\na = 3\nb = -0.5\n")
    assert load(tmp_path).thresholds == {"some-rule": {"a": 3.0, "b": -0.5}}


@pytest.mark.parametrize(("name", "text"), [("checker.toml", ""), ("pyproject.toml", "[tool.checker]\n")])
def test_an_empty_one_counts(tmp_path: Path, name: str, text: str) -> None:
    put(tmp_path, "checker.toml", 'lang = "zh"\n')
    path = put(tmp_path / "a", name, text)
    assert load(tmp_path / "a") == Config(path=path)


def test_checker_toml_comes_first_in_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "pyproject.toml", '[tool.checker]\nlang = "zh"\n')
    path = put(tmp_path, "checker.toml", 'lang = "en"\n')
    assert load(tmp_path) == Config(path=path, lang="en")


def test_a_folder_of_the_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "checker.toml").mkdir()
    assert load(tmp_path) == Config()


def test_a_byte_order_mark(tmp_path: Path) -> None:
    path = put(tmp_path, "checker.toml", '\ufefflang = "en"\r\n')
    assert load(tmp_path) == Config(path=path, lang="en")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('fail_on = "error"', "unknown key 'fail_on' (did you mean 'fail-on'?)"),
        ("zzz = 1", "unknown key 'zzz'"),
        ("[tool.checker]", "unknown key 'tool'"),
        ('rules = "mine"', "rules: not a list of strings"),
        ("rules = [1]", "rules: not a list of strings"),
        ('rules = ["gone"]', "rules: no such folder: "),
        ('select = "streak"', "select: not a list of strings"),
        ("ignore = [[]]", "ignore: not a list of strings"),
        ('levels = ["streak"]', "levels: not a table of rule ids"),
        ('levels = {streak = "none"}', "levels: streak is not one of error, warning, note, off"),
        ("levels = {streak = false}", "levels: streak is not one of error, warning, note, off"),
        ("levels = {streak = {level = 1}}", "levels: streak is not one of error, warning, note, off"),
        ("thresholds = 3", "thresholds: not a table of rule ids, with a table of numbers for each"),
        ("thresholds = {streak = 3}", "thresholds: not a table of rule ids, with a table of numbers for each"),
        ("thresholds.streak = {x = 1, y = '2'}", "thresholds: streak.y is not a number from -1e18 to 1e18"),
        ("thresholds.streak.x = true", "thresholds: streak.x is not a number"),
        ("thresholds.streak.x = [1]", "thresholds: streak.x is not a number"),
        ("thresholds.streak.x = 2021-01-01", "thresholds: streak.x is not a number"),
        ("thresholds.streak.x = nan", "thresholds: streak.x is not a number"),
        ("thresholds.streak.x = -inf", "thresholds: streak.x is not a number"),
        ("thresholds.streak.x = 1e19", "thresholds: streak.x is not a number"),
        (f"thresholds.streak.x = {'9' * 4000}", "thresholds: streak.x is not a number"),
        ('fail-on = "off"', "fail-on: not one of none, error, warning, note"),
        ("fail-on = true", "fail-on: not one of none, error, warning, note"),
        ('lang = "fr"', "lang: not one of zh, en"),
        ("lang = 2021-01-01", "lang: not one of zh, en"),
        ("manifest = []", "manifest: not a string"),
        ('paths = "new"', "paths: not a list of strings"),
        ("paths = [1]", "paths: not a list of strings"),
        ("collection = 1", "collection: not a string"),
        ('collection = ""', "collection: not a string"),
        ("baseline = []", "baseline: not a string"),
        ('manifest = "gone.yaml"', "manifest: no such file: "),
        ('vocabulary = "words.yaml"', "vocabulary: not a list of strings"),
        ('vocabulary = ["gone.yaml"]', "vocabulary: no such file or folder: "),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, text: str, says: str) -> None:
    assert refused(put(tmp_path, "checker.toml", text)).reason.startswith(says)


def test_a_table_that_is_none(tmp_path: Path) -> None:
    assert refused(put(tmp_path, "pyproject.toml", "[tool]\nchecker = 3\n")).reason == "tool.checker is not a table"


@pytest.mark.parametrize("name", ["checker.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("text", "line"), [('lang = "en"\nlang\n', 2), ("x = [\n1,", None), ("a = 1\n\nb = \x00\n", 3), ("x = \\d", 1)]
)
def test_what_is_no_toml_is_named_with_its_line(tmp_path: Path, name: str, text: str, line: int | None) -> None:
    error = refused(put(tmp_path, name, text))
    assert error.line == line
    assert error.reason.startswith("not TOML: ") and "line" not in error.reason


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "checker.toml").write_bytes(b'lang = "en"\n# \xff\xfe\n')
    error = refused(tmp_path / "checker.toml")
    assert (error.reason, error.line, error.column) == ("not UTF-8", 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000,
        "x = " + "{a = " * 100_000,
        "x = " + "1" * 9_000,
        "a." * 50_000 + "a = 1",
        "x = {" + "a." * 50_000 + "a = 1}",
        "[" + "a." * 50_000 + "a]",
        "# " + "x" * 1_000_001,
        "x" * 900_000,
    ],
    ids=lambda text: text[:8],
)
def test_monsters_are_refused_soon(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, "checker.toml", text)
    started = time.perf_counter()
    refused(path)
    assert time.perf_counter() - started < 5

"""What exists is in the README, and what the README's tables name exists."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from enum import EnumType
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer
from typer.models import OptionInfo

import checker
import checker.report
from checker.cli import ReportFormat, app
from checker.config import KEYS, Config, load
from checker.model import Anchor, field_names
from checker.report import ENDINGS, FORMATS
from checker.report.words import say
from checker.vocabulary import rules_dir

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCHEMA = json.loads((Path(checker.report.__file__).parent / "schema.json").read_text(encoding="utf-8"))
FIRST_COLUMN = re.compile(r"^\| `([^`]+)` \|", re.M)
CODE = re.compile("`([^`]+)`")


def section(title: str) -> str:
    """The part of the README under a heading, down to the next one as high; a # in code is no heading."""
    inside: list[str] | None = None
    level = 0
    fenced = False
    for line in README.splitlines():
        fenced ^= line.startswith("```")
        heading = None if fenced else re.match(r"(#+) (.*)", line)
        if heading and heading[2] == title:
            inside, level = [], len(heading[1])
        elif heading and inside is not None and len(heading[1]) <= level:
            break
        elif inside is not None:
            inside.append(line)
    assert inside, f"the README has no section {title}"
    return "\n".join(inside)


def named(title: str) -> list[str]:
    """The first column of the tables in a section, where it stands in code."""
    return FIRST_COLUMN.findall(section(title))


def commands(group: typer.Typer, name: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every command of a group with its full name and function, those of groups inside it as well."""
    for command in group.registered_commands:
        assert command.callback
        yield f"{name} {command.name or command.callback.__name__}", command.callback
    for inner in group.registered_groups:
        assert inner.typer_instance
        yield from commands(inner.typer_instance, f"{name} {inner.name}")


def options(command: Callable[..., Any]) -> Iterator[tuple[frozenset[str], list[str]]]:
    """The spellings of each option of a command, and the values it may have where they are few."""
    for name, annotated in get_type_hints(command, include_extras=True).items():
        kind, *extras = get_args(annotated) or [annotated]
        info = next((extra for extra in extras if isinstance(extra, OptionInfo)), None)
        if info is not None:
            choices = next((each for each in _within(kind) if isinstance(each, EnumType)), ())
            # In an annotation typer takes the first spelling for a default.
            given = [each for each in (info.default, *(info.param_decls or ())) if str(each).startswith("-")]
            yield frozenset(given or [f"--{name.replace('_', '-')}"]), sorted(each.value for each in choices)


def _within(kind: Any) -> Iterator[Any]:
    """A type and all types it is made of: list[Path] | None, list[Path], Path, None."""
    yield kind
    for part in get_args(kind):
        yield from _within(part)


COMMANDS = dict(commands(app, "checker"))


def test_every_command_is_named() -> None:
    rows = [name for name in named("Commands and options") if name.startswith("checker ")]
    described = [re.sub(r" [A-Z\[].*", "", name) for name in rows]
    assert sorted(described) == sorted([*COMMANDS, "checker --version", "checker --help"])


def test_every_option_is_named_with_its_commands_and_choices() -> None:
    documented: dict[frozenset[str], set[tuple[str, ...]]] = {}
    for row in re.findall(r"^\| (`-.*) \|$", section("Commands and options"), re.M):
        spelling, where, what = row.split(" | ")
        names = frozenset(code.split()[0] for code in CODE.findall(spelling))
        for command in where.split(", "):
            documented.setdefault(names, set()).add((command, *_choices(what)))
    actual: dict[frozenset[str], set[tuple[str, ...]]] = {}
    for name, command in COMMANDS.items():
        for spellings, choices in options(command):
            actual.setdefault(spellings, set()).add((name.removeprefix("checker "), *choices))
    assert documented == actual


def _choices(cell: str) -> list[str]:
    """The words in code at the beginning of a cell, up to the colon."""
    return sorted(CODE.findall(cell.split(":")[0])) if cell.startswith("`") else []


def test_every_format_is_named_with_its_endings() -> None:
    endings: dict[str, set[str]] = {name: set() for name in FORMATS}
    for ending, formats in ENDINGS.items():
        for name in formats:
            endings[name].add(ending)
    rows = re.findall(r"^\| `(\w+)` \| .* \|(.*)\|$", section("Formats"), re.M)
    assert {name: set(CODE.findall(cell)) for name, cell in rows} == endings
    assert list(FORMATS) == [name for name, _ in rows] == [each.value for each in ReportFormat]


def test_every_column_for_a_place_is_named() -> None:
    rows = re.findall(r"^\| ([^`|]+) \| ([^`|]+) \| `(\w+)` \|$", section("Formats"), re.M)
    assert rows == [(say("en", name), say("zh", name), name) for name in field_names(Anchor)]


def test_every_exit_code_is_named() -> None:
    assert named("Exit codes") == ["0", "1", "2", "130"]


def test_every_key_of_the_configuration_is_named() -> None:
    assert named("Configuration") == list(KEYS)
    fields = {field.replace("_", "-") for field in Config.__dataclass_fields__}
    assert fields == {"path", *KEYS}


def test_the_configuration_shown_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", section("Configuration"), re.M | re.S)
    (tmp_path / "our-rules").mkdir()
    (tmp_path / "checker.toml").write_text(shown, encoding="utf-8")
    assert set(load(tmp_path).levels) <= set(named("Shipped rules"))


def test_every_part_of_the_json_report_is_named() -> None:
    assert named("JSON report") == list(SCHEMA["properties"])


@pytest.mark.parametrize("part", sorted(SCHEMA["$defs"]))
def test_every_field_of_the_json_report_is_named(part: str) -> None:
    kind = {"rejected": "rejected number", "evidence": "row of evidence"}.get(part, part)
    article = "an" if kind[0] in "aeiou" else "a"
    assert named(f"Fields of {article} {kind}") == list(SCHEMA["$defs"][part]["properties"])


def test_every_value_a_field_can_have_is_named() -> None:
    for part in SCHEMA["$defs"].values():
        for name, field in part["properties"].items():
            for value in field.get("enum", []):
                assert f"`{value}`" in README, (name, value)


def test_every_rule_is_named_with_its_level() -> None:
    described = dict(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", section("Shipped rules"), re.M))
    loaded = {rule.id: rule.level for rule in checker.load_rules([rules_dir()])}
    assert described == loaded


def test_every_key_of_a_rule_is_named() -> None:
    schema = json.loads((rules_dir() / "schema.json").read_text(encoding="utf-8"))
    assert named("Add a rule") == list(schema["properties"])


def test_every_set_is_named() -> None:
    schema = json.loads((rules_dir() / "schema.json").read_text(encoding="utf-8"))
    sets = schema["$defs"]["selector"]["properties"]["set"]["anyOf"][1]["enum"]
    cells = re.findall(r"^\| (`set: .*) \| ", section("Sets"), re.M)
    assert sorted(
        name.removeprefix("set: ") for cell in cells for name in CODE.findall(cell) if not name.startswith("of:")
    ) == sorted(["true", *sets])


def test_every_function_of_a_rule_is_named() -> None:
    from checker.check.fields import FUNCTIONS, MEASURES

    assert {*FUNCTIONS, *MEASURES} <= {word.split("(")[0] for word in CODE.findall(section("Add a rule"))}


def test_every_vocabulary_file_is_named() -> None:
    files = sorted(path.name for path in (rules_dir() / "vocabulary").glob("*.yaml"))
    assert sorted(named("Vocabulary")) == [f"rules/vocabulary/{name}" for name in files]


def test_every_public_name_is_named() -> None:
    assert sorted(named("Python")) == sorted(checker.__all__)


@pytest.mark.parametrize("name", sorted(set(checker.__all__) - {"model"}))
def test_every_public_name_is_imported_as_what_it_is(name: str) -> None:
    script = f"from checker import {name}; from checker import {name}; import sys; sys.exit(not callable({name}))"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


def test_every_dependency_is_named() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    required = [*project["project"]["dependencies"], *(name for group in groups for name in group)]
    assert named("Dependencies") == [re.match(r"[\w-]+", item)[0] for item in required]  # type: ignore[index]


def test_every_change_of_this_version_has_a_heading() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(checker.__version__)}\b", changes, re.M)

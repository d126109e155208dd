"""What exists is in the README, and what the README's tables name exists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import checker
import checker.report
from checker.cli import app
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


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups left out."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        for word, child in (inner or {}).items():
            yield from walk(f"{name} {word}", child)

    yield from walk("checker", typer.main.get_command(app))


def options(command: Any) -> list[Any]:
    return [parameter for parameter in command.params if parameter.param_type_name == "option" and parameter.name != "help"]


COMMANDS = dict(commands())


def test_every_command_is_named() -> None:
    described = [re.sub(r" [A-Z\[].*", "", name) for name in named("Commands and options") if name.startswith("checker ")]
    assert sorted(described) == sorted([*COMMANDS, "checker --version", "checker --help"])


def test_every_option_is_named_with_its_commands_and_choices() -> None:
    documented = {}
    for row in re.findall(r"^\| (`-.*) \|$", section("Commands and options"), re.M):
        spelling, where, what = row.split(" | ")
        names = frozenset(code.split()[0] for code in CODE.findall(spelling))
        documented[names] = {(command, *choices) for command in where.split(", ") for choices in [_choices(what)]}
    actual: dict[frozenset[str], set[tuple[str, ...]]] = {}
    for name, command in COMMANDS.items():
        for option in options(command):
            choices = [getattr(choice, "value", choice) for choice in getattr(option.type, "choices", ())]
            entry = (name.removeprefix("checker "), *sorted(choices))
            actual.setdefault(frozenset(option.opts), set()).add(entry)
    assert documented == actual


def _choices(cell: str) -> list[str]:
    """The words in code at the beginning of a cell, up to the colon."""
    return sorted(CODE.findall(cell.split(":")[0])) if cell.startswith("`") else []


def test_every_exit_code_is_named() -> None:
    assert named("Exit codes") == ["0", "1", "2"]


def test_every_part_of_the_json_report_is_named() -> None:
    assert named("JSON report") == list(SCHEMA["properties"])


@pytest.mark.parametrize("part", sorted(SCHEMA["$defs"]))
def test_every_field_of_the_json_report_is_named(part: str) -> None:
    assert named(f"Fields of a {part}" if part[0] not in "aeiou" else f"Fields of an {part}") == list(
        SCHEMA["$defs"][part]["properties"]
    )


def test_every_value_a_field_can_have_is_named() -> None:
    for part in SCHEMA["$defs"].values():
        for name, field in part["properties"].items():
            for value in field.get("enum", []):
                assert f"`{value}`" in README, (name, value)


def test_every_rule_is_named_with_its_level() -> None:
    described = dict(re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", section("Rules"), re.M))
    loaded = {rule.id: rule.level for rule in checker.load_rules([rules_dir()])}
    assert described == loaded


def test_every_key_of_a_rule_is_named() -> None:
    schema = json.loads((rules_dir() / "schema.json").read_text(encoding="utf-8"))
    assert named("Add a rule") == list(schema["properties"])


def test_every_vocabulary_file_is_named() -> None:
    files = sorted(path.name for path in (rules_dir() / "vocabulary").glob("*.yaml"))
    assert sorted(named("Vocabulary")) == [f"rules/vocabulary/{name}" for name in files]


def test_every_public_name_is_named() -> None:
    assert sorted(named("Python")) == sorted(checker.__all__)


def test_every_dependency_is_named() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    required = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert named("Dependencies") == [re.match(r"[\w-]+", item)[0] for item in required]  # type: ignore[index]


def test_every_change_of_this_version_has_a_heading() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(checker.__version__)}\b", changes, re.M)

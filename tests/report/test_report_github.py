"""Workflow commands read back as the runner of GitHub Actions reads them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import pytest

from checker.model import Audit, changed
from checker.report.github import render


class Command(NamedTuple):
    kind: str
    properties: dict[str, str]
    message: str


def _read(output: str) -> list[Command | str]:
    """Each line as a command, or as it stands where it is none."""
    return [_command(line) for line in output.splitlines()]


def _command(line: str) -> Command | str:
    match = re.fullmatch(r"\s*::([a-z]+) (.*?)::(.*)", line)
    if not match:
        return line
    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    return Command(match[1], {name: _decoded(value) for name, value in properties.items()}, _decoded(match[3]))


def _decoded(text: str) -> str:
    for mark, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(mark, character)
    return text


def test_annotations_are_as_before(suppressed: Audit, golden: Callable[[str, str], None]) -> None:
    golden("report.github.txt", render(suppressed, "zh"))


def test_annotations_stand_at_the_first_figure(audit: Audit) -> None:
    commands = [command for command in _read(render(audit, "en")) if isinstance(command, Command)]
    assert [command.kind for command in commands] == ["error", "error", "warning", "notice"]
    broken, whole = commands[1].properties, commands[3].properties
    assert broken == {"file": "paper.txt", "line": "5", "endLine": "6", "title": "Differs (same-figure)"}
    assert (whole["line"], whole["endLine"], whole["col"], whole["endColumn"]) == ("8", "8", "13", "17")
    assert commands[3].message.splitlines()[0] == "Growth of urban disposable income: 7.1% and 6.9%"


def test_a_file_without_lines_is_annotated_as_a_whole(placed: Audit) -> None:
    _, first, _, last = _read(render(placed, "zh"))
    assert isinstance(first, Command) and isinstance(last, Command)
    assert first.properties == {"file": "paper.txt", "title": "不一致（same-figure）"}
    assert first.message.splitlines()[1:4] == [
        "A 398亿元 · paper.txt · 第2页第3行",
        "B 412.6亿元 · report.md:7 · 表3“一般公共预算收入（含上级补助收入和调入…”行“执行数”列",
        "C 410亿元 · evil[red]␛[2J.txt · '2020年 ''A''␛'!C14",
    ]
    assert last.message.splitlines()[1] == "A 增长7.1% · paper.txt · 第3页，表1“居民收入”行“增速”列"


def test_the_suppressed_are_left_out(suppressed: Audit) -> None:
    assert "::warning" not in render(suppressed, "zh")


@pytest.mark.parametrize("path", ["a,b:c%0A.txt", "x::error file=y::z.txt", "line\nbreak\r.txt", "报告　一.txt"])
def test_no_name_or_text_becomes_a_command_of_its_own(audit: Audit, path: str) -> None:
    claims = tuple(changed(claim, document=path) for claim in audit.claims)
    message = {"en": "::set-output name=x::y\n::stop-commands::z %0A::error::w"}
    findings = tuple(replace(finding, message=message, rule="r,s:t::u") for finding in audit.findings)
    commands = _read(render(replace(audit, claims=claims, findings=findings, documents=(), problems=()), "en"))
    assert len(commands) == len(findings)
    for command in commands:
        assert isinstance(command, Command)
        assert command.properties["file"] == path
        assert command.properties["title"].endswith("(r,s:t::u)")
        assert command.message.splitlines()[0] == "::set-output name=x::y ::stop-commands::z %0A::error::w"


def test_no_control_character_is_written(audit: Audit) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", render(audit, "zh"))


def test_no_more_than_a_step_shows_and_a_word_on_the_rest(audit: Audit) -> None:
    many = tuple(replace(finding, fingerprint=str(n)) for finding in audit.findings for n in range(12))
    commands = _read(render(replace(audit, findings=many, problems=()), "en"))
    kinds = Counter(command.kind for command in commands if isinstance(command, Command))
    assert kinds == {"error": 10, "warning": 10, "notice": 10}
    assert commands[-1] == "6 more are not annotated: a step shows at most 10 annotations of a kind."


def test_a_long_message_is_cut_where_the_runner_would_cut_it(audit: Audit) -> None:
    findings = (replace(audit.findings[0], message={"zh": "长" * 9000}),)
    (command,) = _read(render(replace(audit, findings=findings, problems=()), "zh"))
    assert isinstance(command, Command) and len(command.message) == 4096 and command.message.endswith("…")


def test_an_audit_without_findings_says_so() -> None:
    assert render(Audit((), (), (), (), ()), "en") == "No differences found between the figures stated.\n"

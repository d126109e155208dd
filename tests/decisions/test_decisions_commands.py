"""Decisions on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import RULES, A, B, at, same_fact, verdict

from checker.decisions import State, append, decide, load, sight
from checker.pipeline import audit

Run = Callable[..., Any]
HEAD = "---\ndate: 2021-0{}-20\nplace: 清河市\ntitle: 第{}份报告\n---\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two reports that differ, and beside them a file in which that is settled as a rounding."""
    for number, text in enumerate((A, B), 1):
        _write(tmp_path, number, text)
    found = audit([tmp_path / "reports"])
    finding = same_fact(found)
    documents = {document.path: document for document in found.documents}
    seen = sight(finding, {claim.id: claim for claim in found.claims}, documents, {rule.id: rule for rule in RULES})
    append(tmp_path / "d.db", decide(State(finding.fingerprint), seen, "张三", at(0), "rounding", note="看过"))
    return tmp_path


def _write(folder: Path, number: int, text: str) -> None:
    path = folder / "reports" / f"{number}.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HEAD.format(number, number) + text, encoding="utf-8")


@pytest.mark.parametrize("command", ["audit", "check"])
def test_what_is_settled_is_shown_as_such_and_does_not_fail(command: str, checker: Run, folder: Path) -> None:
    run = (command, folder / "reports", "--fail-on", "error", "--lang", "zh")
    assert checker(*run).exit_code == 1
    result = checker(*run, "--decisions", folder / "d.db")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "□ 已屏蔽 1" in result.stdout and "复核结论：四舍五入（张三）：看过" in result.stdout


@pytest.mark.parametrize(("lang", "said"), [
    ("zh", "重新待处理，数字有变：same-fact，"), ("en", "open again, a figure has changed: same-fact, ")
])  # fmt: skip
def test_what_has_changed_is_open_again_and_says_why(lang: str, said: str, checker: Run, folder: Path) -> None:
    _write(folder, 2, B.replace("421.6", "431.6"))
    result = checker(
        "audit", folder / "reports", "--fail-on", "error", "--decisions", folder / "d.db", "--lang", lang
    )  # fmt: skip
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{folder / 'd.db'}: {said}") and len(result.stderr.splitlines()) == 1


def test_the_configuration_names_the_file(checker: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "checker.toml").write_text('decisions = "d.db"\nfail-on = "error"\n', encoding="utf-8")
    monkeypatch.chdir(folder)
    assert checker("audit", "reports").exit_code == 0
    (folder / "d.db").unlink()
    result = checker("audit", "reports")
    assert (result.exit_code, result.stderr) == (2, f"{folder / 'd.db'}: no such store of decisions\n")


def test_export_and_import(checker: Run, folder: Path) -> None:
    for format in ("csv", "xlsx", "annotations", "jsonl"):
        out = folder / f"out.{format}"
        assert checker("decisions", "export", folder / "d.db", "--format", format, "-o", out).exit_code == 0
        assert out.read_bytes()
    assert checker("decisions", "export", folder / "d.db").stdout_bytes.startswith(b"\xef\xbb\xbf")
    append(folder / "e.db", verdict("open"))
    for said in ("1 added, 0 there already\n", "0 added, 1 there already\n"):
        result = checker("decisions", "import", folder / "e.db", folder / "out.jsonl", "--lang", "en")
        assert (result.exit_code, result.stdout) == (0, said)
    assert len(load(folder / "e.db")) == 2
    assert checker("decisions", "import", folder / "new.db", folder / "out.jsonl").exit_code == 0
    assert load(folder / "new.db") == load(folder / "d.db")


def test_stats(checker: Run, folder: Path) -> None:
    append(folder / "d.db", verdict("confirmed-error"))
    lines = checker("decisions", "stats", folder / "d.db", "--lang", "en").stdout.splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["same-fact", "2", "1", "50.0%", "1", "0", "0", "0"], ["All", "2", "1", "50.0%", "1", "0", "0", "0"]
    ]  # fmt: skip
    assert "属实率" in checker("decisions", "stats", folder / "d.db", "--lang", "zh").stdout


@pytest.mark.parametrize("command", ["export", "stats"])
def test_a_file_that_is_not_there_is_told_in_one_line(command: str, checker: Run, tmp_path: Path) -> None:
    result = checker("decisions", command, tmp_path / "d.db")
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path / 'd.db'}: no such store of decisions\n")


def test_lines_that_are_no_events_are_not_imported(checker: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n", encoding="utf-8")
    result = checker("decisions", "import", tmp_path / "d.db", tmp_path / "a.jsonl")
    assert result.exit_code == 2 and result.stderr.startswith(f"{tmp_path / 'a.jsonl'}:1: not an object")
    assert not (tmp_path / "d.db").exists()

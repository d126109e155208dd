"""Which files of folders are documents, and which are passed over."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from checker.pipeline import audit_documents
from checker.read import parse
from checker.read.select import Note, find, sources
from checker.report import ENDINGS, FORMATS, write


def made(folder: Path, *names: str, text: str = "x") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(folder: Path, *exclude: str) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in find([folder], exclude)[0]]


def test_files_of_every_format_are_documents(tmp_path: Path) -> None:
    names = ["a.HTML", "a.htm", "a.md", "a.txt", "sub/a.docx", "sub/a.pdf", "sub/a.xlsx"]
    made(tmp_path, *names, "a.png", "a", "a.py")
    notes: list[Note] = []
    files, problems = find([tmp_path], (), notes.append)
    assert [path.relative_to(tmp_path).as_posix() for path in files] == sorted(names)
    assert (problems, notes) == ([], [Note("skipped", counts={".png": 1, ".py": 1})])


def test_a_file_that_is_named_is_read_whatever_it_is(tmp_path: Path) -> None:
    made(tmp_path, ".a.png")
    assert find([tmp_path / ".a.png"], ("*",))[0] == [tmp_path / ".a.png"]
    assert find([Path("-")])[0] == [Path("-")]


def test_folders_of_programs_and_what_is_hidden_are_passed_over(tmp_path: Path) -> None:
    made(
        tmp_path, "a.txt", ".b.txt", ".git/c.txt", "node_modules/d.md", "sub/__pycache__/e.txt", "venv/pyvenv.cfg",
        "venv/f.txt",
    )  # fmt: skip
    assert found(tmp_path) == ["a.txt"]
    assert found(tmp_path / ".git") == ["c.txt"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("b.txt", ["a.txt", "sub/c.txt"]),
        ("sub", ["a.txt", "b.txt"]),
        ("sub/", ["a.txt", "b.txt"]),
        ("sub/*.txt", ["a.txt", "b.txt"]),
        ("*/c.*", ["a.txt", "b.txt"]),
        ("[ab].txt", ["sub/c.txt"]),
        ("B.txt", ["a.txt", "b.txt", "sub/c.txt"]),
    ],
)
def test_patterns_to_exclude(tmp_path: Path, pattern: str, left: list[str]) -> None:
    made(tmp_path, "a.txt", "b.txt", "sub/c.txt")
    assert found(tmp_path, pattern) == left


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("format", FORMATS)
def test_reports_are_no_documents(tmp_path: Path, format: str, lang: str) -> None:
    document = parse("2020年，清河市完成地区生产总值412.6亿元。\n", "a.txt", {})
    report = write(audit_documents([document]), format, lang)
    notes: list[Note] = []
    for ending in (ending for ending, formats in ENDINGS.items() if format in formats):
        (tmp_path / f"report{ending}").write_bytes(report if isinstance(report, bytes) else report.encode())
    assert find([tmp_path], (), notes.append)[0] == []
    assert format == "gitlab" or notes == []


def test_stores_are_no_documents(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "decisions.txt")) as db:
        db.execute("create table a (b)")
    made(tmp_path, "baseline.txt", text="# checker baseline: fingerprint\n")
    assert found(tmp_path) == []


def test_a_manifest_further_down_that_is_none_is_passed_over(tmp_path: Path) -> None:
    made(tmp_path, "a.txt", "k8s/b.txt", "ours/c.txt")
    made(tmp_path, "k8s/manifest.yaml", text="kind: Pod\n---\nkind: Pod\n")
    made(tmp_path, "ours/manifest.yaml", text="documents: {c.txt: {place: 清河市}, d.txt: {}}\n")
    notes: list[Note] = []
    chosen, _ = sources([tmp_path], None, (), notes.append)
    assert [source.known.get("place") for source in chosen] == [None, None, "清河市"]
    assert notes == [
        Note("foreign", str(tmp_path / "k8s/manifest.yaml")),
        Note("gone", str(tmp_path / "ours/manifest.yaml"), names=("d.txt",)),
    ]

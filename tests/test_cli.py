"""Every command end to end: what it prints where, and with which exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import openpyxl
import pytest

import checker.report
from checker import __version__
from checker.model import Audit, Suppression

Run = Callable[..., Any]
SCHEMA = json.loads((Path(checker.report.__file__).parent / "schema.json").read_text(encoding="utf-8"))
FORMATS = ("text", "json", "html", "csv", "sarif", "github", "gitlab", "rdjson", "junit", "markdown", "xlsx")
CLAIM_FIELDS = list(SCHEMA["$defs"]["claim"]["properties"])
REJECTED_FIELDS = list(SCHEMA["$defs"]["rejected"]["properties"])

COMMANDS = [
    [], ["audit"], ["check"], ["claims"], ["index"], ["review"],
    ["baseline"], *(["baseline", name] for name in ("write", "update", "prune")),
    ["rules"], *(["rules", name] for name in ("list", "explain", "test", "schema")),
    ["collection"], *(["collection", name] for name in ("info", "list", "remove", "verify", "reindex")),
]  # fmt: skip

JANUARY = "---\ndate: 2021-01-20\nplace: 清河市\n---\n2020年，清河市完成地区生产总值412.6亿元，引进企业35家。\n"
FEBRUARY = "---\ndate: 2021-02-03\nplace: 清河市\n---\n2020年清河市地区生产总值达到421.6亿元。\n"
AGREEING = FEBRUARY.replace("421.6", "412.6")
MUCH_LATER = FEBRUARY.replace("2021-02-03", "2022-03-03")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into a folder of this test: write(a="text", ...); returns the folder."""

    def files(**texts: str | bytes) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return files


# Starting ---------------------------------------------------------------------------------------------------------


def test_version(checker: Run) -> None:
    result = checker("--version")
    assert (result.exit_code, result.stdout) == (0, f"checker {__version__}\n")


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_has_help(checker: Run, path: list[str]) -> None:
    result = checker(*path, "--help")
    assert result.exit_code == 0
    assert "Usage: checker" in result.stdout


@pytest.mark.parametrize(
    "path",
    [
        [],
        ["audit"],
        ["claims"],
        ["index", "seeds"],
        ["rules"],
        ["collection", "list"],
        ["rules", "explain"],
        ["nothing"],
        ["audit", "seeds", "--nothing"],
    ],
)
def test_what_cannot_run_exits_with_2(checker: Run, path: list[str]) -> None:
    assert checker(*path).exit_code == 2


@pytest.mark.parametrize("option", ["--format", "--lang", "--fail-on"])
def test_an_unknown_choice_is_refused(checker: Run, option: str) -> None:
    result = checker("audit", "seeds", option, "nothing")
    assert result.exit_code == 2
    assert "nothing" in result.stderr


def test_help_starts_quickly(command: str) -> None:
    """Within a few times what Python itself takes to start, since nothing heavy is imported for it."""

    def best(*arguments: str) -> float:
        times = []
        for _ in range(5):
            started = time.perf_counter()
            subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - started)
        return min(times)

    assert best(command, "--help") < 5 * best(sys.executable, "-c", "import typing, inspect, pathlib, asyncio") + 0.1


def test_help_imports_no_table_library() -> None:
    script = (
        "import sys, typer.testing, checker.cli; typer.testing.CliRunner().invoke(checker.cli.app, ['--help']);"
        "print(*{'pandas', 'numpy', 'rapidfuzz', 'jsonschema', 'xlsxwriter'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


# audit: exit codes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "level", "fail_on", "code"),
    [
        (FEBRUARY, "error", None, 0),
        (FEBRUARY, "error", "none", 0),
        (FEBRUARY, "error", "error", 1),
        (FEBRUARY, "error", "warning", 1),
        (FEBRUARY, "error", "note", 1),
        (MUCH_LATER, "warning", "error", 0),
        (MUCH_LATER, "warning", "warning", 1),
        (MUCH_LATER, "warning", "note", 1),
        (AGREEING, None, "note", 0),
    ],
)
def test_findings_decide_the_exit_code(
    checker: Run, write: Run, other: str, level: str | None, fail_on: str | None, code: int
) -> None:
    folder = write(a=JANUARY, b=other)
    result = checker("audit", folder, "--format", "json", *(["--fail-on", fail_on] if fail_on else []))
    assert [finding["level"] for finding in json.loads(result.stdout)["findings"]] == ([level] if level else [])
    assert result.exit_code == code


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\t\n", "empty"),
    "binary": (bytes(range(32)) * 20 + b"\x89PNG", "binary"),
    "undecodable": (b"\xe4\xba\x8c\xff\xff\xff" * 9, "in no known encoding"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("command", ["audit", "claims"])
def test_an_unreadable_file_is_named_and_the_rest_is_read(checker: Run, write: Run, name: str, command: str) -> None:
    content, reason = UNREADABLE[name]
    folder = write(a=JANUARY, b=FEBRUARY, bad=content)
    form = ["--format", "json"] if command == "audit" else ["--format", "jsonl"]
    result = checker(command, folder, *form, *(["--fail-on", "note"] if command == "audit" else []))
    assert result.exit_code == 2
    assert re.search(rf"^{re.escape(str(folder / 'bad.txt'))}: .*{reason}", result.stderr)
    assert result.stderr.count("\n") == 1
    assert "412.6亿元" in result.stdout and "421.6亿元" in result.stdout
    if command == "audit":
        report = json.loads(result.stdout)
        assert [problem["path"] for problem in report["problems"]] == [str(folder / "bad.txt")]
        assert report["findings"]


def test_a_vanished_file_is_named_and_the_rest_is_audited(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY, b=FEBRUARY)
    gone = folder / "gone.txt"
    result = checker("audit", folder / "a.txt", gone, folder / "b.txt", "--lang", "en")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{gone}: no such file")
    shown = re.sub(r"\s", "", result.stdout)  # a long path is broken over lines
    assert "412.6亿元" in shown and "gone.txt" in shown


def test_a_link_that_leads_nowhere_is_named(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY)
    (folder / "link.txt").symlink_to(folder / "gone")
    result = checker("audit", folder)
    assert result.exit_code == 2
    assert str(folder / "link.txt") in result.stderr


@pytest.mark.parametrize("command", ["audit", "check", "claims", "documents", "index"])
def test_a_run_that_reads_nothing_does_not_pass(checker: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    extra = ["--into", tmp_path / "c.db"] if command == "index" else []
    result = checker(command, tmp_path, *extra)
    assert (result.exit_code, result.stderr) == (2, "1 file skipped: 1 .png\nno document was read\n")


def test_what_is_passed_over_is_said_once(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY, b=FEBRUARY, c=JANUARY)
    for name in ("a.doc", "b.doc", "c.png", ".hidden.txt", "LICENSE"):
        (folder / name).write_text(AGREEING, encoding="utf-8")
    (folder / "sub").mkdir()
    (folder / "sub" / "manifest.yaml").write_text("apiVersion: v1\n", encoding="utf-8")
    (folder / "sub" / "d.txt").write_text(AGREEING, encoding="utf-8")
    (folder / "manifest.yaml").write_text("documents: {a.txt: {}, gone.txt: {}}\n", encoding="utf-8")
    result = checker("audit", folder, "--format", "json", "--exclude", "d.*")
    assert [document["path"] for document in json.loads(result.stdout)["documents"]] == [
        str(folder / name) for name in ("a.txt", "b.txt")
    ]
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "3 files skipped: 2 .doc, 1 .png",
            f"{folder / 'manifest.yaml'}: names what is not there: gone.txt",
            f"{folder / 'c.txt'}: a copy of {folder / 'a.txt'}, counted once",
        ],
    )
    result = checker("claims", folder, "--lang", "zh")
    assert result.stderr.splitlines() == [
        "略过3个文件：.doc 2个，.png 1个",
        f"{folder / 'manifest.yaml'}：所列文件不存在：gone.txt",
        f"{folder / 'sub' / 'manifest.yaml'}：不是文件清单，已略过",
        f"{folder / 'c.txt'}：与{folder / 'a.txt'}内容相同，只计一次",
    ]


def test_standard_input_is_a_document(checker: Run) -> None:
    command = [sys.executable, "-m", "checker", "claims", "-", "--format", "jsonl"]
    result = subprocess.run(command, input=JANUARY.encode(), capture_output=True)
    lines = result.stdout.decode().splitlines()
    assert result.returncode == 0 and {json.loads(line)["document"] for line in lines} == {"-"}
    refused = checker("index", "-", "--into", "c.db")
    assert (refused.exit_code, refused.stderr) == (
        2, "standard input has no place in a collection: give files and folders\n"
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read")
def test_a_file_that_may_not_be_read_is_named(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY)
    (folder / "a.txt").chmod(0)
    result = checker("audit", folder)
    assert result.exit_code == 2
    assert "a.txt: Permission denied" in result.stderr


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("gb18030"),
    ],
)
def test_encodings(checker: Run, write: Run, encode: Callable[[str], bytes]) -> None:
    plain = checker("claims", write(a=JANUARY), "--format", "jsonl").stdout
    result = checker("claims", write(a=encode(JANUARY)), "--format", "jsonl")
    assert result.exit_code == 0
    assert [json.loads(line)["text"] for line in result.stdout.splitlines()] == ["412.6亿元", "35家"]
    assert len(plain.splitlines()) == 2


# audit: formats, -o, language, colour -------------------------------------------------------------------------------


def _is_text(data: bytes) -> None:
    assert "421.6亿元" in data.decode()


def _is_json(data: bytes) -> None:
    jsonschema.validate(json.loads(data), SCHEMA)


def _is_html(data: bytes) -> None:
    assert data.lower().startswith(b"<!doctype html>")
    assert "421.6亿元" in data.decode()


def _is_csv(data: bytes) -> None:
    rows = data.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and "same-fact" in rows[1]


def _is_xlsx(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len(book.worksheets) == 4
    assert any("421.6亿元" in str(cell) for row in book.worksheets[0].values for cell in row)


def _is_sarif(data: bytes) -> None:
    (result,) = json.loads(data)["runs"][0]["results"]
    assert result["ruleId"] == "same-fact" and "421.6亿元" in result["message"]["text"]


def _is_github(data: bytes) -> None:
    assert re.fullmatch(r"::error file=.*,line=5,endLine=5,col=\d+,.*::.*421.6亿元.*\n", data.decode())


def _is_gitlab(data: bytes) -> None:
    (entry,) = json.loads(data)
    assert entry["check_name"] == "same-fact" and entry["location"]["lines"]["begin"] == 5


def _is_rdjson(data: bytes) -> None:
    (diagnostic,) = json.loads(data)["diagnostics"]
    assert diagnostic["severity"] == "ERROR" and len(diagnostic["related_locations"]) == 1


def _is_junit(data: bytes) -> None:
    (failure,) = ElementTree.fromstring(data).iter("failure")
    assert "421.6亿元" in (failure.text or "")


def _is_markdown(data: bytes) -> None:
    assert re.search(r"^\| ■ .* 421.6亿元 .* \|$", data.decode(), re.M)


VALID = {form: globals()[f"_is_{form}"] for form in FORMATS}


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_to_standard_output_and_to_a_file(checker: Run, write: Run, tmp_path: Path, form: str) -> None:
    folder = write(a=JANUARY, b=FEBRUARY)
    printed = checker("audit", folder, "--format", form)
    VALID[form](printed.stdout_bytes)
    for option in ("-o", "--output"):
        target = tmp_path / f"report{option}"
        result = checker("audit", folder, "--format", form, option, target)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
        assert target.read_bytes() == printed.stdout_bytes


@pytest.mark.parametrize(
    ("arguments", "files", "printed"),
    [
        ("-o a.json -o b.html", {"a.json": "json", "b.html": "html"}, None),
        (
            "-o a.sarif -o b.xml -o c.md -o d.txt",
            dict(zip(("a.sarif", "b.xml", "c.md", "d.txt"), ("sarif", "junit", "markdown", "text"), strict=True)),
            None,
        ),
        ("--format sarif -o a.sarif --format github", {"a.sarif": "sarif"}, "github"),
        ("--format text --format sarif -o a.sarif", {"a.sarif": "sarif"}, "text"),
        ("--format json -o a.html", {"a.html": "html"}, "json"),
        ("--format text --format gitlab -o gl.json", {"gl.json": "gitlab"}, "text"),
        ("--format gitlab --format json -o a.json -o b.json", {"a.json": "gitlab", "b.json": "json"}, None),
        ("--format rdjson -o out --format csv -o a.csv", {"out": "rdjson", "a.csv": "csv"}, None),
        ("-o out", {"out": "text"}, None),
    ],
)
def test_several_formats_at_once(
    checker: Run, write: Run, tmp_path: Path, arguments: str, files: dict[str, str], printed: str | None
) -> None:
    folder = write(a=JANUARY, b=FEBRUARY) / "a.txt", tmp_path / "b.txt"
    target = tmp_path / "reports"
    target.mkdir()
    words = arguments.split()
    given = [target / word if before == "-o" else word for before, word in zip(["", *words], words, strict=False)]
    result = checker("audit", *folder, *given)
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(file.name for file in target.iterdir()) == sorted(files)
    for name, form in files.items():
        VALID[form]((target / name).read_bytes())
    if printed:
        VALID[printed](result.stdout_bytes)
    else:
        assert result.stdout == ""


def test_standard_output_takes_one_format(checker: Run) -> None:
    result = checker("audit", "seeds", "--format", "json", "--format", "text")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "standard output takes one format, not json and text; -o FILE takes another\n"


def test_a_step_that_is_annotated_gets_a_summary(checker: Run, write: Run, tmp_path: Path) -> None:
    folder, summary = write(a=JANUARY, b=FEBRUARY), tmp_path / "summary"
    summary.write_text("before\n", encoding="utf-8")
    checker("audit", folder, "--format", "markdown", "-o", tmp_path / "report", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text(encoding="utf-8") == "before\n"
    _is_github(checker("audit", folder, "--format", "github", GITHUB_STEP_SUMMARY=str(summary)).stdout_bytes)
    assert summary.read_bytes() == b"before\n" + (tmp_path / "report").read_bytes()


def test_a_suppressed_finding_does_not_decide(checker: Run, write: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from checker import pipeline

    def suppressing(*arguments: Any) -> Audit:
        result = found(*arguments)
        reason = Suppression("baseline", "already known")
        return replace(result, findings=tuple(replace(finding, suppression=reason) for finding in result.findings))

    found = pipeline.audit
    monkeypatch.setattr(pipeline, "audit", suppressing)
    result = checker("audit", write(a=JANUARY, b=FEBRUARY), "--fail-on", "note", "--lang", "en")
    assert result.exit_code == 0
    assert "■ Differs 0  ▲ To check 0  ○ Note 0  □ Suppressed 1" in result.stdout.splitlines()
    assert "baseline: already known" in result.stdout


def test_exit_zero_outranks_findings_and_nothing_else(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY, b=FEBRUARY)
    assert checker("audit", folder, "--fail-on", "error").exit_code == 1
    assert checker("audit", folder, "--fail-on", "error", "--exit-zero").exit_code == 0
    assert checker("audit", folder, folder / "gone.txt", "--exit-zero").exit_code == 2


def test_a_target_that_cannot_be_written_is_named(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY)
    result = checker("audit", folder, "-o", folder / "no" / "report.txt")
    assert result.exit_code == 2
    assert re.fullmatch(r".*no.report\.txt: No such file or directory\n", result.stderr)


@pytest.mark.parametrize("form", FORMATS)
def test_both_languages_in_each_format(checker: Run, write: Run, form: str) -> None:
    folder = write(a=JANUARY, b=FEBRUARY)
    zh, en = (checker("audit", folder, "--format", form, "--lang", lang).stdout_bytes for lang in ("zh", "en"))
    assert zh != en
    if form == "xlsx":
        zh, en = (repr([*_findings_sheet(data).values]).encode() for data in (zh, en))
    assert "不一致".encode() in zh and b"do not agree" not in zh
    assert b"do not agree" in en and "不一致".encode() not in en


def _findings_sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


@pytest.mark.parametrize(
    ("environment", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LC_MESSAGES": "zh_TW.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
    ],
)
def test_the_locale_chooses_the_language(checker: Run, write: Run, environment: dict[str, str], chinese: bool) -> None:
    result = checker("audit", write(a=JANUARY, b=FEBRUARY), **environment)
    assert ("不一致" in result.stdout) is chinese


def test_the_option_outranks_the_locale(checker: Run, write: Run) -> None:
    result = checker("audit", write(a=JANUARY, b=FEBRUARY), "--lang", "en", LANG="zh_CN.UTF-8")
    assert "do not agree" in result.stdout


@pytest.mark.parametrize("form", FORMATS[:-1])
def test_a_pipe_gets_no_escape_codes(process: Run, write: Run, form: str) -> None:
    result = process("audit", write(a=JANUARY, b=FEBRUARY), "--format", form, TERM="xterm-256color")
    assert result.returncode == 0
    assert b"\x1b" not in result.stdout + result.stderr
    assert result.stderr == b""


def test_colour_is_forced_and_refused(checker: Run, write: Run, tmp_path: Path) -> None:
    folder = write(a=JANUARY, b=FEBRUARY)
    assert "\x1b[" in checker("audit", folder, FORCE_COLOR="1").stdout
    assert "\x1b" not in checker("audit", folder, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_file_gets_no_escape_codes(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY, b=FEBRUARY)
    checker("audit", folder, "-o", folder / "report", FORCE_COLOR="1")
    assert b"\x1b" not in (folder / "report").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_gets_colour_unless_it_refuses(command: str, write: Run, no_color: str) -> None:
    import pty

    folder = write(a=JANUARY, b=FEBRUARY)
    parent, child = pty.openpty()
    environment = {**os.environ, "NO_COLOR": no_color, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    environment.pop("FORCE_COLOR", None)
    with subprocess.Popen([command, "audit", str(folder)], stdout=child, stderr=subprocess.DEVNULL, env=environment):
        os.close(child)
        output = b""
        while chunk := _read(parent):
            output += chunk
    os.close(parent)
    assert "421.6亿元".encode() in output
    assert (b"\x1b[" in output) is not no_color


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side has closed it
        return b""


@pytest.mark.parametrize("columns", ["", "60"])
def test_a_log_has_80_columns_or_as_many_as_asked(checker: Run, columns: str) -> None:
    from rich.cells import cell_len

    result = checker("audit", "seeds", **({"COLUMNS": columns} if columns else {}))
    assert max(map(cell_len, result.stdout.splitlines())) == int(columns or 80)


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise elsewhere")
def test_a_reader_that_stops_early_sees_no_traceback(command: str) -> None:
    arguments = [command, "claims", "seeds", "--format", "jsonl"]
    with subprocess.Popen(arguments, cwd=Path(__file__).parent.parent, stdout=-1, stderr=-1) as run:
        assert run.stdout and run.stderr
        run.stdout.read(10)
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


# Manifest, front matter, names --------------------------------------------------------------------------------------


def _entry(tmp_path: Path, **said: str) -> Path:
    manifest = tmp_path / "other.yaml"
    manifest.write_text("documents:\n  a.txt: " + json.dumps(said, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def _document(result: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(result.stdout)
    return report["documents"][0]


def test_title_date_and_place_are_read_off_a_text_without_a_manifest(checker: Run, write: Run) -> None:
    text = "2020年清河市政府工作报告\n\n2021年1月20日\n\n2020年，清河市完成地区生产总值412.6亿元。\n"
    document = _document(checker("audit", write(a=text), "--format", "json"))
    assert document["title"] == "2020年清河市政府工作报告"
    assert (document["date"], document["place"]) == ("2021-01-20", "清河市")


def test_front_matter_outranks_the_text_and_a_manifest_outranks_both(checker: Run, write: Run, tmp_path: Path) -> None:
    folder = write(a=JANUARY)
    assert _document(checker("audit", folder, "--format", "json"))["place"] == "清河市"

    beside = folder / "manifest.yaml"
    beside.write_text("documents:\n  a.txt: {place: 临江区, date: 2021-03-01}\n", encoding="utf-8")
    document = _document(checker("audit", folder, "--format", "json"))
    assert (document["place"], document["date"]) == ("临江区", "2021-03-01")

    manifest = _entry(tmp_path, place="江北县", title="报告", date="2021")
    document = _document(checker("audit", folder, "--format", "json", "--manifest", manifest))
    assert (document["place"], document["title"], document["date"]) == ("江北县", "报告", "2021-01-01")


def test_claims_take_a_manifest(checker: Run, write: Run, tmp_path: Path) -> None:
    folder = write(a="去年，完成地区生产总值412.6亿元。\n")
    manifest = _entry(tmp_path, place="清河市", date="2019-01-20")
    result = checker("claims", folder / "a.txt", "--format", "jsonl", "--manifest", manifest)
    claim = json.loads(result.stdout)
    assert (claim["place"], claim["period_start"], claim["period_end"]) == ("清河市", "2018-01-01", "2018-12-31")


@pytest.mark.parametrize("command", ["audit", "claims"])
@pytest.mark.parametrize(
    "text", ["documents:\n  a.txt: {place: [x]}\n", "documents:\n  a.txt: {plaec: x}\n", "documents: {", "- a\n"]
)
def test_a_manifest_with_a_mistake_is_named_with_its_line(checker: Run, write: Run, command: str, text: str) -> None:
    folder = write(a=JANUARY)
    (folder / "manifest.yaml").write_text(text, encoding="utf-8")
    result = checker(command, folder)
    assert result.exit_code == 2
    assert re.match(rf"{re.escape(str(folder / 'manifest.yaml'))}:\d+:\d+: ", result.stderr), result.stderr
    assert result.stderr.count("\n") == 1


def test_front_matter_with_a_mistake_is_a_document_not_read(checker: Run, write: Run) -> None:
    folder = write(a=JANUARY, b="---\ndate: [\n---\n2020年，清河市完成地区生产总值412.6亿元。\n")
    result = checker("audit", folder, "--format", "json")
    assert result.exit_code == 2
    assert str(folder / "b.txt") in result.stderr
    assert [Path(document["path"]).name for document in json.loads(result.stdout)["documents"]] == ["a.txt"]


ODD = [
    "two words",
    "line\nbreak",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\u202egnp",
    "'quoted\" <b>&amp;",
    "-o",
    "二七区",
]


@pytest.mark.skipif(os.name != "posix", reason="other systems refuse such names")
@pytest.mark.parametrize("name", ODD)
def test_odd_file_names(checker: Run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for at, text in {f"{name}.txt": JANUARY, f"{name}2.txt": FEBRUARY, f"{name}3.txt": ""}.items():
        (folder / at).write_text(text, encoding="utf-8")

    for form in FORMATS[:-1]:
        result = checker("audit", folder, "--format", form, "--lang", "en")
        assert result.exit_code == 2
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", result.stdout + result.stderr)
        assert result.stderr.count("\n") == 1 and "3.txt: empty" in result.stderr

    report = json.loads(checker("audit", folder, "--format", "json").stdout)
    assert [document["path"] for document in report["documents"]] == sorted(
        str(folder / f"{name}{end}.txt") for end in ("", "2")
    )
    assert len(report["findings"]) == 1

    lines = checker("claims", folder, "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["412.6亿元", "35家", "421.6亿元"]
    table = checker("claims", folder).stdout
    assert "\x1b" not in table and len(table.splitlines()) == 6


# claims ---------------------------------------------------------------------------------------------------------------


def test_claims_as_a_table(checker: Run, write: Run) -> None:
    result = checker("claims", write(a=JANUARY), "--lang", "en")
    assert result.exit_code == 0
    assert "412.6亿元" in result.stdout and "地区生产总值" in result.stdout
    assert checker("claims", write(a=JANUARY), "--lang", "zh").stdout != result.stdout


def test_claims_as_json_lines(checker: Run) -> None:
    result = checker("claims", "seeds", "--format", "jsonl")
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    texts = {path: Path(path).read_bytes().decode() for path in {row["document"] for row in rows}}
    for row in rows:
        assert list(row) == CLAIM_FIELDS
        text = texts[row["document"]]
        assert text[row["start"] : row["end"]] == row["text"]
        # line and column lead to the number, which in 第一 stands behind the first character of the quantity
        at = sum(map(len, text.split("\n")[: row["line"] - 1])) + row["line"] - 1 + row["column"] - 1
        assert row["start"] <= at < row["end"]
        assert text[at] == row["number"][0]
    audited = json.loads(checker("audit", "seeds", "--format", "json").stdout)
    assert audited["claims"] == rows


def test_rejected_numbers(checker: Run, tmp_path: Path) -> None:
    result = checker("claims", "seeds", "--rejected", "--format", "jsonl", "-o", tmp_path / "rejected.jsonl")
    assert (result.exit_code, result.stdout) == (0, "")
    rows = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text(encoding="utf-8").splitlines()]
    assert rows and all(list(row) == REJECTED_FIELDS and row["reason"] for row in rows)
    assert "1369" in {row["number"] for row in rows}
    table = checker("claims", "seeds", "--rejected", "--lang", "en").stdout
    assert "1369" in table and "date" in table


# rules ----------------------------------------------------------------------------------------------------------------


def _rule_ids() -> list[str]:
    from checker.vocabulary import rules_dir

    return sorted(path.stem for path in rules_dir().glob("*.yaml"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rules_are_listed(checker: Run, lang: str) -> None:
    result = checker("rules", "list", "--lang", lang)
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()] == _rule_ids()
    assert {line.split()[1] for line in result.stdout.splitlines()} <= {"error", "warning", "note"}
    assert bool(re.search("[\u4e00-\u9fff]", result.stdout)) is (lang == "zh")


def test_the_tests_of_the_rules_pass(checker: Run) -> None:
    result = checker("rules", "test")
    assert (result.exit_code, result.stderr) == (0, "")
    assert re.fullmatch(rf"{len(_rule_ids())} rules, \d+ tests, 0 failed\n", result.stdout)


@pytest.fixture
def altered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, str], Path]:
    """The rules with one passage of streak.yaml altered, used in place of the shipped ones."""
    import checker.vocabulary

    folder = tmp_path / "rules"
    shutil.copytree(checker.vocabulary.rules_dir(), folder)

    def alter(old: str, new: str) -> Path:
        path = folder / "streak.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(checker.vocabulary, "rules_dir", lambda: folder)
        return path

    return alter


def test_a_rule_whose_test_fails_is_named(checker: Run, altered: Run) -> None:
    altered("numbers: [5年, 6年], level: warning", "numbers: [5年, 6年], level: error")
    result = checker("rules", "test")
    assert result.exit_code == 1
    assert result.stderr.startswith("streak: two years later it is one year longer: ")
    assert result.stdout.endswith(" 1 failed\n")


@pytest.mark.parametrize(
    ("old", "new"), [("level: warning", "level: loud"), ("since:", "sinec:"), ("holds: ", "holds: (")]
)
def test_a_rule_with_a_mistake_is_named_with_its_line(checker: Run, altered: Run, old: str, new: str) -> None:
    path = altered(old, new)
    for command in (["rules", "list"], ["rules", "test"]):
        result = checker(*command)
        assert result.exit_code == 2
        assert re.match(rf"{re.escape(str(path))}:\d+:\d+: ", result.stderr), result.stderr


OWN = """\
id: own-jump
level: warning
since: "1"
title: {zh: 不超过两倍, en: No figure is more than twice another}
message: {zh: "{a.text}与{b.text}", en: "{a.text} and {b.text}"}
why: {zh: 相差太多, en: They are far apart}
claims:
  a: {attribute: level}
  b: {attribute: level}
same: [fact, unit]
holds: a <= 2 * b
tests:
  - name: three times as much
    documents:
      a.txt: {date: 2021-01-20, place: 清河市, text: "2020年，清河市完成地区生产总值412.6亿元。"}
      b.txt: {date: 2021-02-03, place: 清河市, text: "2020年清河市地区生产总值达到1237.8亿元。"}
    finds:
      - {numbers: [1237.8亿元, 412.6亿元], level: warning}
  - name: the same
    documents:
      a.txt: {date: 2021-01-20, place: 清河市, text: "2020年，清河市完成地区生产总值412.6亿元。"}
      b.txt: {date: 2021-02-03, place: 清河市, text: "2020年清河市地区生产总值达到412.6亿元。"}
    finds: []
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one rule of the user's."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "jump.yaml").write_text(OWN, encoding="utf-8")
    return folder


def _listed(result: Any) -> list[str]:
    assert result.exit_code == 0, result.stderr
    return [line.split()[0] for line in result.stdout.splitlines()]


def _refused(result: Any, says: str) -> None:
    """Exit code 2, nothing on standard output and one line on standard error."""
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr
    assert says in result.stderr


def test_a_folder_of_rules_is_added(checker: Run, write: Run, own: Path) -> None:
    assert _listed(checker("rules", "list", "--rules", own)) == sorted([*_rule_ids(), "own-jump"])
    assert checker("rules", "test", "--rules", own).stdout.startswith(f"{len(_rule_ids()) + 1} rules, ")
    documents = write(a=JANUARY, b=FEBRUARY.replace("421.6", "1421.6"))
    report = json.loads(checker("audit", documents / "a.txt", documents / "b.txt", "--format", "json").stdout)
    assert {finding["rule"] for finding in report["findings"]} == {"same-fact"}
    result = checker("audit", documents / "a.txt", documents / "b.txt", "--format", "json", "--rules", own)
    report = json.loads(result.stdout)
    found = [one["rule"] for finding in report["findings"] for one in (finding, *finding["also"])]
    assert sorted(found) == ["own-jump", "same-fact"]
    assert "own-jump" in report["rules"]


def test_one_folder_named_twice_is_one_folder(checker: Run, own: Path) -> None:
    again = own.parent / "x" / ".." / "own"
    (own.parent / "x").mkdir()
    result = checker("rules", "list", "--rules", own, "--rules", again, "--rules", "rules")
    assert _listed(result) == sorted([*_rule_ids(), "own-jump"])


def test_an_id_twice_is_named_with_both_paths(checker: Run, own: Path) -> None:
    from checker.vocabulary import rules_dir

    (own / "jump.yaml").write_text(OWN.replace("own-jump", "streak"), encoding="utf-8")
    for command in (["audit", "seeds"], ["rules", "list"], ["rules", "explain", "streak"], ["rules", "test"]):
        result = checker(*command, "--rules", own)
        _refused(result, f"{own / 'jump.yaml'}:1:5: a rule with id streak is in {rules_dir() / 'streak.yaml'} as well")
    assert checker("rules", "test", own).exit_code == 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yaml", OWN.replace("holds: a <= 2 * b", "holds: a <= 2 * c"), "a.yaml:11:17: "),
        ("a.yaml", OWN.replace("same:", "smae:"), "a.yaml:10:1: unknown key 'smae'"),
        ("a.yaml", OWN.replace("2021-02-03", "2021-02-30", 1), "a.yaml:16:21: not a date: 2021-02-30"),
        ("a.yml", OWN, "a.yml: the name of a rule file ends in .yaml"),
        ("a.txt", OWN, "no rules (*.yaml) in this folder"),
    ],
)
def test_rules_of_ones_own_are_loaded_as_strictly(
    checker: Run, tmp_path: Path, name: str, text: str, says: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    for command in (["audit", "seeds", "--rules"], ["rules", "list", "--rules"], ["rules", "test"]):
        _refused(checker(*command, tmp_path), says)
    _refused(checker("rules", "test", tmp_path / "gone"), f"{tmp_path / 'gone'}: no such folder of rules")


def test_a_folder_tested_alone(checker: Run, own: Path) -> None:
    assert checker("rules", "test", own).stdout == "1 rules, 2 tests, 0 failed\n"
    (own / "jump.yaml").write_text(OWN[: OWN.index("  - name: the same")], encoding="utf-8")
    result = checker("rules", "test", own)
    assert (result.exit_code, result.stdout) == (1, "1 rules, 1 tests, 1 failed\n")
    assert result.stderr == "own-jump: no test in which it stays silent\n"


def test_what_the_language_of_rules_has(checker: Run) -> None:
    result = checker("rules", "test", Path(__file__).parent / "check" / "rules")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("numbers: [2.5%]", "numbers: [51.9亿元]", "`report.order == 0` is false: report.order is 1"),
        ("预算支出72.5亿元", "预算收入72.5亿元", "`count(revenue) > 0` holds: revenue is 72.5亿元"),
        (
            "report: {document_kind",
            "report: {attribute: rank, document_kind",
            "no variable binds 72.5亿元: report: attribute is level, not rank; revenue: concept is",
        ),
        ("[72.5亿元]", "[72.6亿元]", "no claim prints 72.6亿元"),
        ("收入33.6亿元", "收入增长33.6%", "every condition is met, and count() ≤ 0"),
    ],
)
def test_a_failed_test_is_explained(checker: Run, tmp_path: Path, old: str, new: str, says: str) -> None:
    rule = Path(__file__).parent / "check" / "rules" / "each-budget-report-states-revenue.yaml"
    text = rule.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / rule.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert "because" not in checker("rules", "test", tmp_path).stderr
    result = checker("rules", "test", tmp_path, "--explain")
    assert result.exit_code == 1
    lines = [line for line in result.stderr.splitlines() if ": because " in line]
    assert any(says in line for line in lines), lines


@pytest.mark.parametrize("written", FORMATS)
def test_what_a_document_does_not_state_is_in_every_report(checker: Run, tmp_path: Path, written: str) -> None:
    (tmp_path / "a.txt").write_text(
        "关于清河市2021年预算执行情况和2022年预算草案的报告\n\n2021年，全市一般公共预算支出72.5亿元。", encoding="utf-8"
    )
    rules = Path(__file__).parent / "check" / "rules"
    options = ["--rules", rules, "--select", "each-budget-report-states-revenue", "--suspected"]
    report = tmp_path / "report"
    result = checker("audit", tmp_path / "a.txt", *options, "--format", written, "-o", report)
    assert (result.exit_code, "Traceback" in result.stderr) == (0, False)
    if written != "xlsx":
        assert "each-budget-report-states-revenue" in report.read_text(encoding="utf-8")


CHOICES: list[tuple[list[str], set[str]]] = [
    (["--select", "streak"], {"streak"}),
    (["--select", "streak,same-fact"], {"streak", "same-fact"}),
    (["--select", "streak", "--select", " same-fact"], {"streak", "same-fact"}),
    (["--select", "s"], {"streak", "same-fact"}),
    (["--select", "re", "--ignore", "revision"], {"reprinted-passage"}),
]


@pytest.mark.parametrize(("options", "ids"), CHOICES)
def test_rules_are_chosen(checker: Run, options: list[str], ids: set[str]) -> None:
    shipped = ["cumulative", "plan-outcome", "reprinted-passage", "revision", "same-fact", "streak"]
    others = [id for id in _rule_ids() if id not in shipped]
    options = [*options, *(["--ignore", ",".join(others)] if others else [])]
    assert set(_listed(checker("rules", "list", *options))) == ids
    assert set(json.loads(checker("audit", "seeds", "--format", "json", *options).stdout)["rules"]) == ids


def test_rules_are_ignored(checker: Run) -> None:
    assert _listed(checker("rules", "list", "--ignore", "streak")) == [id for id in _rule_ids() if id != "streak"]


def test_an_id_is_that_rule_alone(checker: Run, own: Path) -> None:
    (own / "longer.yaml").write_text(OWN.replace("own-jump", "own-jump-more"), encoding="utf-8")
    assert _listed(checker("rules", "list", "--rules", own, "--select", "own-jump")) == ["own-jump"]
    assert _listed(checker("rules", "list", "--rules", own, "--select", "own")) == ["own-jump", "own-jump-more"]


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("names", ["nothing", "streak,nothing", "streak,", "", "STREAK"])
def test_a_name_of_no_rule_is_refused(checker: Run, option: str, names: str) -> None:
    for command in (["audit", "seeds"], ["rules", "list"]):
        _refused(checker(*command, option, names), f"{option}: no rule is called ")


def test_a_choice_of_no_rule_is_refused(checker: Run) -> None:
    _refused(checker("audit", "seeds", "--select", "streak", "--ignore", "streak"), "no rule is left to run")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id", _rule_ids())
def test_a_rule_is_explained(checker: Run, id: str, lang: str) -> None:
    from rich.cells import cell_len

    from checker.check import load_rules
    from checker.check.rules import compares
    from checker.vocabulary import rules_dir

    (rule,) = (rule for rule in load_rules([rules_dir()]) if rule.id == id)
    result = checker("rules", "explain", id, "--lang", lang)
    assert (result.exit_code, result.stderr) == (0, "")
    assert max(map(cell_len, result.stdout.splitlines())) <= 80
    shown = re.sub(r"\s", "", result.stdout)
    firing = next(test for test in rule.tests if test.finds)
    silent = next(test for test in rule.tests if not test.finds)
    causes = [cause.title[lang] for cause in (*rule.explained_by, *rule.hypotheses)]
    assert ("一位数字印了两次" in shown or "adigitprintedtwice" in shown) is compares(rule)
    texts = [entry["text"] for test in (firing, silent) for entry in test.documents.values()]
    for said in (id, rule.level, rule.title[lang], rule.why[lang], *causes, firing.name, *texts, silent.name):
        assert re.sub(r"\s", "", said) in shown, said
    found = shown.index("查出：" if lang == "zh" else "Finds:")
    nothing = shown.index("无发现。" if lang == "zh" else "Findsnothing.")
    assert shown.index(re.sub(r"\s", "", silent.name)) < nothing
    assert all(re.sub(r"\s", "", number) in shown[found:] for number in firing.finds[0].numbers)


def test_a_rule_without_a_silent_example_is_explained(checker: Run, own: Path) -> None:
    (own / "jump.yaml").write_text(OWN[: OWN.index("  - name: the same")], encoding="utf-8")
    result = checker("rules", "explain", "own-jump", "--rules", own, "--lang", "en")
    assert result.exit_code == 0
    assert "1237.8亿元 and 412.6亿元" in result.stdout
    assert result.stdout.endswith("None of its tests has nothing to find.\n")


def test_a_rule_that_does_not_exist_is_not_explained(checker: Run) -> None:
    _refused(checker("rules", "explain", "steak"), "no rule is called 'steak' (did you mean 'streak'?)")


def test_the_schema_is_printed(checker: Run) -> None:
    from checker.vocabulary import rules_dir

    assert checker("rules", "schema").stdout_bytes == (rules_dir() / "schema.json").read_bytes()


# Configuration --------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(checker: Run, write: Run, own: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes the folder of this test, with two documents and a rule, a project with these settings, and goes there."""

    def set_up(settings: str) -> Path:
        folder = write(a=JANUARY, b=FEBRUARY)
        (folder / "checker.toml").write_text(settings, encoding="utf-8")
        monkeypatch.chdir(folder)
        return folder

    return set_up


def test_settings_choose_rules(checker: Run, project: Run) -> None:
    project('rules = ["own"]\nselect = ["st", "sa", "own"]\nignore = ["same"]\nlevels = {own-jump = "error"}\n')
    result = checker("rules", "list")
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [["own-jump", "error"], ["streak", "warning"]]
    assert json.loads(checker("audit", ".", "--format", "json").stdout)["rules"] == ["own-jump", "streak"]


def test_options_outrank_settings(checker: Run, project: Run) -> None:
    project('select = ["st", "same-f"]\nignore = ["same-fact"]\nlevels = {revision = "off", cumulative = "note"}\n')
    assert _listed(checker("rules", "list")) == ["streak"]
    assert _listed(checker("rules", "list", "--rules", "own")) == ["streak"]
    assert _listed(checker("rules", "list", "--select", "same-fact,revision")) == ["revision", "same-fact"]
    assert checker("rules", "list", "--select", "cumulative").stdout.split()[1] == "note"
    _refused(checker("rules", "list", "--ignore", "streak"), "no rule is left to run")


def test_settings_of_the_report(checker: Run, project: Run) -> None:
    folder = project('lang = "zh"\n')
    assert "不一致" in checker("audit", ".").stdout
    assert "do not agree" in " ".join(checker("audit", ".", "--lang", "en").stdout.split())
    assert "同一事实" in checker("rules", "list").stdout
    (folder / "checker.toml").write_text('fail-on = "warning"\nmanifest = "other.yaml"\n', encoding="utf-8")
    (folder / "c.txt").write_text("2020年，全区新建学校6所。\n", encoding="utf-8")
    places = "".join(f"  {name}: {{place: 临江区}}\n" for name in ("a.txt", "b.txt", "c.txt"))
    (folder / "other.yaml").write_text(f"documents:\n{places}")
    result = checker("audit", ".", "--format", "json")
    assert result.exit_code == 1
    assert {document["place"] for document in json.loads(result.stdout)["documents"]} == {"临江区"}
    assert checker("audit", ".", "--fail-on", "none").exit_code == 0
    # What a.txt says is of the place that it names itself.
    for name, place in (("a.txt", "清河市"), ("c.txt", "临江区")):
        assert json.loads(checker("claims", name, "--format", "jsonl").stdout.splitlines()[0])["place"] == place


@pytest.mark.parametrize("level", ["error", "warning", "note"])
def test_a_level_is_set(checker: Run, project: Run, level: str) -> None:
    project(f'levels = {{same-fact = "{level}"}}\n')
    (finding,) = json.loads(checker("audit", ".", "--format", "json").stdout)["findings"]
    assert finding["level"] == level
    assert f"({level})" in checker("rules", "explain", "same-fact", "--lang", "en").stdout


@pytest.mark.parametrize(("days", "level"), [(None, "error"), (14, "error"), (13.5, "warning"), (-1, "warning")])
def test_a_threshold_is_set(checker: Run, project: Run, days: float | None, level: str) -> None:
    """The two documents are 14 days apart."""
    project("" if days is None else f"[thresholds.same-fact]\nrevision_days = {days}\n")
    (finding,) = json.loads(checker("audit", ".", "--format", "json").stdout)["findings"]
    assert finding["level"] == level
    explained = checker("rules", "explain", "same-fact", "--lang", "zh").stdout
    assert f"revision_days={300 if days is None else days}" in re.sub(r"\s", "", explained)


def test_a_threshold_of_a_rule_of_ones_own(checker: Run, project: Run) -> None:
    bounded = OWN.replace("2 * b", "most * b").replace(
        "holds:", "thresholds: {most: {value: 2, title: {zh: 倍, en: Times}}}\nholds:"
    )
    project('rules = ["own"]\nselect = ["own"]\nthresholds = {own-jump = {most = 1}}\n')
    Path("own/jump.yaml").write_text(bounded, encoding="utf-8")
    assert checker("rules", "test").exit_code == 0  # as it is written, with 2
    (finding,) = json.loads(checker("audit", ".", "--format", "json").stdout)["findings"]
    assert finding["formula"] == "421.6亿元 > 1 * 412.6亿元"
    assert _listed(checker("rules", "list")) == ["own-jump"]


def test_an_explained_difference_is_not_worse_than_its_rule(checker: Run, project: Run) -> None:
    folder = project('levels = {same-fact = "note"}\n')
    (folder / "b.txt").write_text(MUCH_LATER, encoding="utf-8")
    (finding,) = json.loads(checker("audit", ".", "--format", "json").stdout)["findings"]
    assert (finding["level"], finding["verdict"]) == ("note", "explained")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('select = ["steak"]', ": select: no rule is called 'steak' or begins with it (did you mean 'streak'?)"),
        ('ignore = ["nothing"]', ": ignore: no rule is called 'nothing' or begins with it"),
        ('levels = {s = "off"}', ": levels: no rule is called 's'"),
        ("thresholds.sam-fact.x = 1", ": thresholds: no rule is called 'sam-fact' (did you mean 'same-fact'?)"),
        (
            "thresholds.same-fact.revision_day = 1",
            ": thresholds.same-fact: no threshold is called 'revision_day' (did you mean 'revision_days'?)",
        ),
        ("thresholds.streak.x = 1", ": thresholds.streak: no threshold is called 'x'"),
        ("thresholds.streak.x = nan", ": thresholds: streak.x is not a number from -1e18 to 1e18"),
        ("levels = 3", ": levels: not a table of rule ids"),
        ("level = {}", ": unknown key 'level' (did you mean 'levels'?)"),
        ("lang = \n", ":1:8: not TOML: Invalid value"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(checker: Run, project: Run, settings: str, says: str) -> None:
    folder = project(settings)
    for command in (["audit", "."], ["rules", "list"]):
        _refused(checker(*command), f"{folder / 'checker.toml'}{says}")


def test_tests_of_rules_run_at_the_levels_they_are_written_for(checker: Run, project: Run) -> None:
    project('rules = ["own"]\nlevels = {own-jump = "note", streak = "off"}\n')
    result = checker("rules", "test")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{len(_rule_ids()) + 1} rules, ")


# check and baseline -------------------------------------------------------------------------------------------------


@pytest.fixture
def published(checker: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with a document in reports/, a collection of it, and another document that differs."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "a.txt").write_text(JANUARY, encoding="utf-8")
    (tmp_path / "new.txt").write_text(FEBRUARY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert checker("index", "reports", "--into", "c.db").exit_code == 0
    return tmp_path


@pytest.mark.parametrize(
    ("other", "options", "code"),
    [
        (FEBRUARY, [], 1),
        (FEBRUARY, ["--exit-zero"], 0),
        (FEBRUARY, ["--fail-on", "none"], 0),
        (MUCH_LATER, [], 0),
        (MUCH_LATER, ["--fail-on", "warning"], 1),
        (AGREEING, ["--fail-on", "note"], 0),
        (FEBRUARY, ["gone.txt", "--exit-zero"], 2),
    ],
)
@pytest.mark.parametrize("against", ["c.db", "reports"])
def test_findings_decide_the_exit_code_of_check(
    checker: Run, published: Path, other: str, options: list[str], code: int, against: str
) -> None:
    (published / "new.txt").write_text(other, encoding="utf-8")
    result = checker("check", "new.txt", "--against", against, "--format", "json", *options)
    assert result.exit_code == code
    assert [document["path"] for document in json.loads(result.stdout)["documents"]] == (
        ["new.txt"] if other == AGREEING else ["new.txt", "reports/a.txt"]
    )


def test_check_does_what_the_settings_say(checker: Run, published: Path) -> None:
    settings = 'paths = ["new.txt"]\ncollection = "c.db"\nlang = "zh"\n'
    (published / "checker.toml").write_text(settings + 'baseline = "known"\n', encoding="utf-8")
    _refused(checker("check"), f"{published / 'known'}: cannot be read: No such file or directory\n")
    result = checker("baseline", "write", "--reason", "核对中")
    assert (result.exit_code, result.stderr) == (0, "")
    result = checker("check")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "与库中1份文件核对" in result.stdout and "基线：核对中" in result.stdout
    (published / "checker.toml").write_text(settings, encoding="utf-8")
    assert checker("check").exit_code == 1
    (published / "checker.toml").write_text(settings + 'fail-on = "none"\n', encoding="utf-8")
    assert checker("check").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check"], "no documents to check: name some, or set `paths` in the configuration"),
        (["check", "new.txt", "--against", "gone.db"], "gone.db: no such collection"),
        (["check", "new.txt", "--baseline", "gone"], "gone: cannot be read: No such file or directory"),
        (["baseline", "update", "new.txt", "--reason", "x"], "no baseline: name one with --baseline, or set"),
        (["baseline", "update", "new.txt", "--reason", "x", "--baseline", "gone"], "gone: cannot be read"),
        (["baseline", "write", "new.txt", "--reason", " ", "--baseline", "k"], "--reason is empty"),
        (["baseline", "write", "new.txt", "--reason", "x", "--baseline", "new.txt"], "new.txt: exists already"),
        *(
            (["baseline", "write", "new.txt", "--reason", "x", "--baseline", "k", "--until", day], "is no day such as")
            for day in ("", "2027-02-30")
        ),
    ],
)
def test_what_check_cannot_do_is_said_in_one_line(
    checker: Run, published: Path, arguments: list[str], says: str
) -> None:
    _refused(checker(*arguments), says)
    assert not (published / "k").exists()


def test_a_folder_is_kept_in_a_collection_beside_it(
    checker: Run, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second run reads nothing of it again, and from another folder the same documents are held once."""
    from checker.collection import entries

    first = checker("check", "new.txt", "--against", "reports", "--format", "json").stdout
    with monkeypatch.context() as patched:
        patched.setattr(import_module("checker.collection.index"), "_stored", lambda *_: pytest.fail("read again"))
        assert checker("check", "new.txt", "--against", "reports", "--format", "json").stdout == first
    cache = published / ".reports.checker"
    for folder, path in (("reports", "a.txt"), (".", "reports/a.txt")):
        monkeypatch.chdir(published / folder)
        result = checker("check", published / "new.txt", "--against", published / "reports")
        assert (result.exit_code, result.stderr) == (1, "")
        assert [entry.path for entry in entries(cache)] == [path]
    (published / "reports" / "a.txt").unlink()
    (published / "reports" / "bad.txt").write_bytes(bytes(99))
    result = checker("check", "new.txt", "--against", "reports", "--format", "json")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 2)
    assert "reports/bad.txt: binary" in result.stderr and "new.txt: nothing to compare it with" in result.stderr
    assert json.loads(result.stdout)["findings"] == []


def test_a_collection_that_cannot_be_made_beside_a_folder_is_named(checker: Run, published: Path) -> None:
    (published / ".reports.checker").mkdir()
    cache = published / ".reports.checker"
    _refused(checker("check", "new.txt", "--against", "reports"), f"{cache}: is a folder\n")


@pytest.mark.parametrize("form", FORMATS)
def test_accepted_findings_in_each_format(checker: Run, published: Path, form: str) -> None:
    where = ["new.txt", "--against", "c.db", "--baseline", "known"]
    assert checker("baseline", "write", *where, "--reason", "under review").exit_code == 0
    result = checker("check", *where, "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    if form == "xlsx":
        assert "under review" in str([[cell.value for cell in row] for row in _findings_sheet(result.stdout_bytes)])
    else:
        left_out = form in ("github", "gitlab", "rdjson")
        assert ("under review" in re.sub(r"\s+", " ", result.stdout), "421.6亿元" in result.stdout) == (
            (False, False) if left_out else (True, True)
        )


def test_a_baseline_from_day_to_day(checker: Run, published: Path) -> None:
    where = ["new.txt", "--against", "c.db", "--baseline", "known"]
    result = checker("baseline", "write", *where, "--reason", "old", "--until", "2021-06-01", SOURCE_DATE_EPOCH="0")
    assert (result.exit_code, result.stdout) == (0, "Baseline: 1 added, 0 removed, 0 kept.\n")
    before = (published / "known").read_bytes()
    assert checker("baseline", "update", *where, "--reason", "new").exit_code == 0
    assert (published / "known").read_bytes() == before  # what is accepted keeps its reason
    assert checker("check", *where, SOURCE_DATE_EPOCH="1622505600").exit_code == 0  # the last day
    result = checker("check", *where, SOURCE_DATE_EPOCH="1622592000")
    assert result.exit_code == 1
    assert re.fullmatch(r"known:2: expired: same-fact, \S*地区生产总值, 2020\n", result.stderr)
    assert checker("baseline", "update", *where, "--reason", "new").exit_code == 0
    assert checker("check", *where).exit_code == 0
    assert "\tnew\n" in (published / "known").read_text(encoding="utf-8")
    _refused(checker("check", *where, SOURCE_DATE_EPOCH="9" * 30), "SOURCE_DATE_EPOCH is no number of seconds")


def test_a_baseline_is_pruned(checker: Run, published: Path) -> None:
    titled = FEBRUARY.replace("---\n", "---\ntitle: 公报\n", 1)
    (published / "new.txt").write_text(titled, encoding="utf-8")
    where = ["new.txt", "--against", "c.db", "--baseline", "known"]
    assert checker("baseline", "write", *where, "--reason", "known").exit_code == 0
    before = (published / "known").read_bytes()
    for more in (["--select", "streak"], ["gone.txt"]):  # its rule did not run; something could not be read
        checker("baseline", "prune", *where, *more)
        assert (published / "known").read_bytes() == before
    (published / "new.txt").write_text(titled.replace("421.6", "412.6"), encoding="utf-8")
    result = checker("check", *where)
    assert (result.exit_code, result.stderr.split(",")[0]) == (0, "known:2: unused: same-fact")
    assert checker("baseline", "prune", *where).stdout == "Baseline: 0 added, 1 removed, 0 kept.\n"
    assert (published / "known").read_bytes() == before.splitlines(keepends=True)[0]


# index and collection ----------------------------------------------------------------------------------------------


@pytest.fixture
def collection(checker: Run, write: Run, tmp_path: Path) -> Path:
    """A collection of two documents."""
    write(a=JANUARY, b=FEBRUARY)
    path = tmp_path / "c.db"
    assert checker("index", tmp_path, "--into", path).exit_code == 0
    return path


def test_indexing_says_what_it_did(checker: Run, write: Run, tmp_path: Path) -> None:
    path, folder = tmp_path / "c.db", write(a=JANUARY, b=FEBRUARY)
    result = checker("index", folder, "--into", path)
    said = "2 added, 0 replaced, 0 unchanged, 0 removed, 0 unreadable\n"
    assert (result.exit_code, result.stdout, result.stderr) == (0, said, "")
    write(b=AGREEING, bad=b"\0" * 99)
    result = checker("index", folder, "--into", path, "--jobs", "2")
    assert (result.exit_code, result.stderr) == (2, f"{folder / 'bad.txt'}: binary, not text\n")
    assert result.stdout == "0 added, 1 replaced, 1 unchanged, 0 removed, 1 unreadable\n"
    (folder / "a.txt").unlink()
    (folder / "bad.txt").unlink()
    assert "0 removed" in checker("index", folder, "--into", path).stdout
    result = checker("index", folder, "--into", path, "--prune", "--lang", "zh")
    assert result.stdout == "新增0份，替换0份，未变1份，移除1份，未能读取0份\n"


def test_indexing_uses_the_manifest_and_language_of_the_settings(checker: Run, project: Run) -> None:
    folder = project('manifest = "other.yaml"\nlang = "zh"\n')
    (folder / "other.yaml").write_text("documents:\n  a.txt: {place: 临江区}\n", encoding="utf-8")
    assert checker("index", ".", "--into", "c.db").stdout.startswith("新增2份")
    assert [line.split("\t")[3] for line in checker("collection", "list", "c.db").stdout.splitlines()] == [
        "临江区",
        "清河市",
    ]


def test_a_collection_is_described_and_listed(checker: Run, collection: Path) -> None:
    folder = collection.parent
    result = checker("collection", "info", collection)
    assert (result.exit_code, result.stderr) == (0, "")
    held = dict(line.split("\t") for line in result.stdout.splitlines())
    assert held == {
        "format": "4", "version": __version__, "documents": "2", "figures": "3", "places": "1", "years": "2021",
        "bytes": str(collection.stat().st_size),
    }  # fmt: skip
    assert "文档\t2\n" in checker("collection", "info", collection, "--lang", "zh").stdout
    result = checker("collection", "list", collection)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [[row[0], *row[2:]] for row in rows] == [
        [str(folder / "a.txt"), "2021-01-20", "清河市", "2"],
        [str(folder / "b.txt"), "2021-02-03", "清河市", "1"],
    ]


def test_a_list_on_a_terminal_has_a_head(collection: Path) -> None:
    from rich.cells import cell_len

    from checker.collection import entries
    from checker.report.collection import documents_table

    rows = [(entry.path, entry.title, entry.date, entry.place, entry.count) for entry in entries(collection)]
    head, *lines = documents_table(rows, "en", 80).splitlines()
    assert head.split() == ["File", "Title", "Date", "Place", "Figures"]
    assert len(lines) == 2 and max(map(cell_len, lines)) <= 80
    assert documents_table([], "en", 80) == documents_table([], "en", None) == ""


def test_documents_are_removed(checker: Run, collection: Path) -> None:
    folder = collection.parent
    result = checker("collection", "remove", collection, folder / "a.txt", folder / "gone.txt")
    assert (result.exit_code, result.stdout) == (2, "1 document removed\n")
    assert result.stderr == f"{folder / 'gone.txt'}: not in {collection}\n"
    assert (folder / "a.txt").exists()
    assert checker("collection", "remove", collection, folder, "--lang", "zh").stdout == "移除1份文档\n"
    assert checker("collection", "list", collection).stdout == ""


def test_a_collection_is_verified_and_read_again(checker: Run, collection: Path) -> None:
    import sqlite3

    result = checker("collection", "verify", collection)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "0 faults found\n", "")
    with sqlite3.connect(collection) as db:
        db.execute("UPDATE documents SET count = 9 WHERE path LIKE '%a.txt'")
    db.close()
    result = checker("collection", "verify", collection)
    assert (result.exit_code, result.stdout) == (1, "1 fault found\n")
    assert result.stderr == f"{collection}: {collection.parent / 'a.txt'}: claims are missing\n"
    result = checker("collection", "reindex", collection, "--jobs", "1")
    assert result.stdout == "0 added, 2 replaced, 0 unchanged, 0 removed, 0 unreadable\n"
    assert checker("collection", "verify", collection).exit_code == 0


USES = [["info", "{}"], ["list", "{}"], ["remove", "{}", "a.txt"], ["verify", "{}"], ["reindex", "{}"]]


@pytest.mark.parametrize("use", [["index", "seeds", "--into", "{}"], *(["collection", *use] for use in USES)])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xe5\x85\xa8\xe5\xb8\x82" * 999, "is damaged, or no collection"),
        (None, "is a folder"),
    ],
)
def test_what_is_no_collection_is_refused(
    checker: Run, tmp_path: Path, use: list[str], content: bytes | None, says: str
) -> None:
    path = tmp_path / "c.db"
    path.mkdir() if content is None else path.write_bytes(content)
    _refused(checker(*[word.format(path) for word in use]), f"{path}: {says}\n")


@pytest.mark.parametrize("use", USES)
def test_a_collection_that_is_not_there_is_not_made(checker: Run, tmp_path: Path, use: list[str]) -> None:
    _refused(checker("collection", *[word.format(tmp_path / "c.db") for word in use]), "c.db: no such collection\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_a_collection_as_it_was(
    command: str, checker: Run, collection: Path, tmp_path: Path, jobs: str
) -> None:
    """Pressed in a terminal it reaches every process of the command; one line says how far it came."""
    before = checker("collection", "list", collection).stdout
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(300):
        text = JANUARY + "".join(f"全市第{number}号项目完成投资{k}.{number}亿元，增长{k}.1%。\n" for k in range(60))
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    run = subprocess.Popen(
        [command, "index", folder, "--into", collection, "--jobs", jobs],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    log = Path(f"{collection}-wal")
    while not log.exists():
        assert run.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    os.killpg(run.pid, signal.SIGINT)
    stdout, stderr = run.communicate(timeout=60)
    assert (run.returncode, stdout) == (130, "")
    assert re.fullmatch(rf"interrupted after \d+ of 300 documents; {re.escape(str(collection))} is as it was\n", stderr)
    assert checker("collection", "list", collection).stdout == before


# Words of a project -----------------------------------------------------------------------------------------------

OWN_WORDS = "metrics:\n  - id: 地区生产总值\n    aliases: [全域产出总值]\n"
IN_OWN_WORDS = FEBRUARY.replace("地区生产总值", "全域产出总值")


@pytest.fixture
def house(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two reports, one of which has a name of its own for what both state, and a file of such names."""
    folder = write(a=JANUARY, b=IN_OWN_WORDS)
    (folder / "words.yaml").write_text(OWN_WORDS, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "a.txt", "b.txt", "--fail-on", "warning"),
        ("check", "a.txt", "b.txt", "--fail-on", "warning"),
        ("check", "b.txt", "--against", "."),
    ],
)
def test_words_of_a_project_are_judged_by(checker: Run, house: Path, arguments: tuple[str, ...]) -> None:
    loud = ("--fail-on", "warning")
    assert checker(*arguments, *loud).exit_code == 0
    assert checker(*arguments, *loud, "--vocabulary", "words.yaml").exit_code == 1
    (house / "checker.toml").write_text('vocabulary = ["words.yaml"]', encoding="utf-8")
    assert checker(*arguments, *loud).exit_code == 1


def test_words_of_a_project_are_in_lists_of_claims(checker: Run, house: Path) -> None:
    (house / "checker.toml").write_text('vocabulary = ["words.yaml"]', encoding="utf-8")
    assert (
        json.loads(checker("claims", "b.txt", "--format", "jsonl").stdout.splitlines()[0])["concept"] == "地区生产总值"
    )
    assert "全域产出总值" in checker("claims", "b.txt", "--explain", "5").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "a.txt"),
        ("check", "a.txt", "b.txt"),
        ("rules", "list"),
        ("rules", "explain", "own-jump"),
        ("rules", "test"),
        ("baseline", "write", "a.txt", "b.txt", "--baseline", "accepted.jsonl", "--reason", "known"),
    ],
)
def test_rules_of_a_project_select_by_its_words(checker: Run, house: Path, arguments: tuple[str, ...]) -> None:
    (house / "words.yaml").write_text("metrics:\n  - id: 村社产值\n    kind: flow\n", encoding="utf-8")
    (house / "own").mkdir()
    rule = OWN.replace("  a: {attribute: level}", "  a: {attribute: level, concept: [村社产值, 地区生产总值]}")
    (house / "own" / "jump.yaml").write_text(rule, encoding="utf-8")
    (house / "checker.toml").write_text('rules = ["own"]\n', encoding="utf-8")
    refused = checker(*arguments)
    assert refused.exit_code == 2 and "村社产值" in refused.stderr
    (house / "checker.toml").write_text('rules = ["own"]\nvocabulary = ["words.yaml"]\n', encoding="utf-8")
    assert checker(*arguments).exit_code == 0


def test_a_collection_that_other_words_read_is_read_again(checker: Run, house: Path) -> None:
    check = ("check", "b.txt", "--against", "c.db", "--fail-on", "warning", "--vocabulary", "words.yaml")
    assert checker("index", "a.txt", "--into", "c.db").exit_code == 0
    stale = checker(*check)
    assert stale.exit_code == 2
    assert "c.db: another vocabulary read its claims; `checker collection reindex` reads them again" in stale.stderr
    assert checker("collection", "reindex", "c.db", "--vocabulary", "words.yaml").exit_code == 0
    assert checker(*check).exit_code == 1
    assert "another vocabulary" in checker("check", "b.txt", "--against", "c.db").stderr
    assert checker("index", "a.txt", "--into", "c.db").exit_code == 0
    assert checker("check", "b.txt", "--against", "c.db").exit_code == 0


def test_words_that_contradict_the_shipped_ones_end_the_run(checker: Run, house: Path) -> None:
    (house / "bad.yaml").write_text(
        "metrics:\n  - id: 村社产值\n    kind: flow\n    aliases: [GDP]\n", encoding="utf-8"
    )
    for command in ("audit", "check", "claims", "review"):
        result = checker(command, "a.txt", "--vocabulary", "bad.yaml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "bad.yaml:4:15: 'GDP' is a name of '地区生产总值' already: aliases: [GDP]\n"

"""The command line: each command calls the stages and writes what they return."""

from __future__ import annotations

import locale
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker import __version__
from checker.errors import BadSetting, CheckerError

if TYPE_CHECKING:
    from checker.check import Rule
    from checker.config import Config
    from checker.model import Audit

app = typer.Typer(
    name="checker",
    help="Find the figures that reports state differently. 找出多份报告之间说法不一的数据。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help comes up twice as fast
)
rules_app = typer.Typer(
    help="List, explain and test the rules. 规则的列表、说明与自测。", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(rules_app, name="rules")


class ReportFormat(StrEnum):
    """What an audit can be written as."""

    text = "text"
    json = "json"
    html = "html"
    csv = "csv"
    xlsx = "xlsx"
    sarif = "sarif"
    github = "github"
    gitlab = "gitlab"
    rdjson = "rdjson"
    junit = "junit"
    markdown = "markdown"


class ClaimsFormat(StrEnum):
    """What a list of claims can be written as."""

    text = "text"
    jsonl = "jsonl"


class Lang(StrEnum):
    """The languages of the interface."""

    zh = "zh"
    en = "en"


class FailOn(StrEnum):
    """The least level of finding that makes the exit code 1."""

    none = "none"
    error = "error"
    warning = "warning"
    note = "note"


Paths = Annotated[
    list[Path], typer.Argument(help="Files and folders to read. 要读取的文件或文件夹。", show_default=False)
]
Manifest = Annotated[Path | None, typer.Option(help="YAML with title, date and place of each document. 文件清单。")]
Language = Annotated[
    Lang | None, typer.Option("--lang", help="Language of the report; from the locale by default. 报告语言。")
]
RuleFolders = Annotated[
    list[Path] | None,
    typer.Option("--rules", metavar="DIR", help="A folder of rules to add; repeatable. 另加的规则文件夹。"),
]
Select = Annotated[
    list[str] | None,
    typer.Option(metavar="IDS", help="Only these rules: ids or their beginnings, with commas. 只用这些规则。"),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(metavar="IDS", help="Not these rules: ids or their beginnings, with commas. 不用这些规则。"),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file. 写入文件。")]
Formats = Annotated[
    list[ReportFormat] | None, typer.Option(help="Format of the report; repeatable. 报告格式，可多个。")
]
Outputs = Annotated[
    list[Path] | None, typer.Option("--output", "-o", help="Write to this file; repeatable. 写入文件，可多个。")
]

LEVELS = ["error", "warning", "note"]


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version. 版本。")] = False) -> None:
    """Exit codes: 0 done, 1 findings at or above --fail-on, 2 could not run or could not read something."""
    if version:
        typer.echo(f"checker {__version__}")
        raise typer.Exit()


@app.command()
def audit(
    paths: Paths,
    format: Formats = None,
    output: Outputs = None,
    lang: Language = None,
    manifest: Manifest = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(help="Exit with 1 on findings of this level or worse; none by default. 返回 1 的最低级别。"),
    ] = None,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Never exit with 1 on findings. 有发现也返回 0。")
    ] = False,
) -> None:
    """Check the figures of documents against each other. 核对多份文件的数据。"""
    with _clear_errors():
        targets = _targets([str(each.value) for each in format or []], output or [])
        config = _config()
        chosen = _chosen(config, rules, select, ignore)
        from checker.pipeline import audit as run

        with _progress() as progress:
            result = run(paths, manifest or config.manifest, chosen, progress)
        _report(result, targets, _lang(lang or config.lang))
    for problem in result.problems:
        _complain(f"{problem.path}: {problem.reason}")
    least = fail_on or config.fail_on or FailOn.none
    loud = LEVELS[: LEVELS.index(least) + 1] if least != FailOn.none else []
    if result.problems:
        raise typer.Exit(2)
    if not exit_zero and any(finding.level in loud and not finding.suppression for finding in result.findings):
        raise typer.Exit(1)


@app.command()
def claims(
    paths: Paths,
    format: Annotated[ClaimsFormat, typer.Option(help="Format of the list. 列表格式。")] = ClaimsFormat.text,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="List the numbers that are no claims, and why. 列出未采用的数字。")
    ] = False,
    output: Output = None,
    lang: Language = None,
    manifest: Manifest = None,
) -> None:
    """List every figure that documents state. 列出文件中的全部数据。"""
    with _clear_errors():
        from checker.extract import extract
        from checker.read import read
        from checker.report.claims import claims_table
        from checker.report.json import claims_jsonl

        config = _config()
        documents, problems = read(paths, manifest or config.manifest)
        found, refused = [], []
        for document in documents:
            mine, others = extract(document)
            found += mine
            refused += others
        if format is ClaimsFormat.jsonl:
            text = claims_jsonl(refused) if rejected else claims_jsonl(found)
        else:
            text = claims_table([] if rejected else found, refused if rejected else [], _lang(lang or config.lang))
        _put(text, output)
    for problem in problems:
        _complain(f"{problem.path}: {problem.reason}")
    if problems:
        raise typer.Exit(2)


@rules_app.command("list")
def rules_list(rules: RuleFolders = None, select: Select = None, ignore: Ignore = None, lang: Language = None) -> None:
    """List the rules with their level and what they check. 列出全部规则。"""
    with _clear_errors():
        config = _config()
        chosen = _chosen(config, rules, select, ignore)
        width = max(20, *(len(rule.id) for rule in chosen))
        for rule in chosen:
            typer.echo(f"{rule.id:<{width}} {rule.level:<8} {rule.title[_lang(lang or config.lang)]}")


@rules_app.command("explain")
def rules_explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of a rule. 规则编号。", show_default=False)],
    rules: RuleFolders = None,
    lang: Language = None,
) -> None:
    """Say what a rule checks and why, with an example that it finds and one that it passes. 说明一条规则。"""
    with _clear_errors():
        from checker.check.cases import rule_examples
        from checker.check.choice import named
        from checker.report.rule import explain

        config = _config()
        rule = named(_configured(config, rules), id)
        firing, silent = (
            (test, _audit_texts(test.documents, [rule])) if test else None for test in rule_examples(rule)
        )
        _put(explain(rule, firing, silent, _lang(lang or config.lang), _width(), _color()), None)


@rules_app.command("test")
def rules_test(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Test the rules of this folder alone. 只测试此文件夹。", show_default=False),
    ] = None,
    rules: RuleFolders = None,
) -> None:
    """Run the tests that each rule carries. 运行每条规则自带的测试。"""
    with _clear_errors():
        from checker.check import load_rules, rule_tests, run_tests

        tested = load_rules([folder, *(rules or [])]) if folder else _loaded(_config(), rules)
        failures = run_tests(tested, lambda documents: _audit_texts(documents, tested))
        for failure in failures:
            _complain(str(failure))
        typer.echo(
            f"{len(tested)} rules, {sum(len(rule_tests(rule)) for rule in tested)} tests, {len(failures)} failed"
        )
    if failures:
        raise typer.Exit(1)


@rules_app.command("schema")
def rules_schema() -> None:
    """Print the JSON Schema of a rule file, for editors. 输出规则文件的 JSON Schema。"""
    with _clear_errors():
        from checker.vocabulary import rules_dir

        _put((rules_dir() / "schema.json").read_bytes(), None)


def _targets(formats: list[str], files: list[Path]) -> list[tuple[str, Path | None]]:
    """Each format with its file. A file takes what its ending says, else the next format; one may be left to print."""
    from checker.report import ENDINGS

    left, found = list(formats), []
    for file in sorted(files, key=lambda file: file.suffix.lower() not in ENDINGS):
        fits = ENDINGS.get(file.suffix.lower(), (*left, "text"))
        taken = next((format for format in left if format in fits), fits[0])
        if taken in left:
            left.remove(taken)
        found.append((taken, file))
    if len(left) > 1:
        raise BadSetting(f"standard output takes one format, not {' and '.join(left)}; -o FILE takes another")
    printed: list[tuple[str, Path | None]] = [(format, None) for format in left or ([] if files else ["text"])]
    return [*found, *printed]


def _report(result: Audit, targets: list[tuple[str, Path | None]], lang: str) -> None:
    """Write an audit in every format asked for; a step on GitHub that is annotated gets a summary as well."""
    from checker.report import write

    for format, file in targets:
        options: dict[str, Any] = {"width": _width(), "color": file is None and _color()} if format == "text" else {}
        _put(write(result, format, lang, **options), file)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(format == "github" for format, _ in targets):
        _put(write(result, "markdown", lang), Path(summary), "ab")


def _config() -> Config:
    from checker.config import load

    return load(Path.cwd())


def _loaded(config: Config, folders: Sequence[Path] | None) -> list[Rule]:
    """The shipped rules and those of all folders that the configuration and the command line add."""
    from checker.check import load_rules
    from checker.vocabulary import rules_dir

    return load_rules([rules_dir(), *config.rules, *(folders or [])])


def _configured(config: Config, folders: Sequence[Path] | None) -> list[Rule]:
    """The same with the levels and thresholds that the configuration sets; a rule that is off keeps its level."""
    from checker.check.choice import at_level, named, with_thresholds
    from checker.config import OFF

    rules = {rule.id: rule for rule in _loaded(config, folders)}
    path = str(config.path)
    for id, level in config.levels.items():
        rule = named(rules.values(), id, "levels", path)
        rules[id] = rule if level == OFF else at_level(rule, level)
    for id, numbers in config.thresholds.items():
        rules[id] = with_thresholds(named(rules.values(), id, "thresholds", path), numbers, path)
    return list(rules.values())


def _chosen(
    config: Config, folders: Sequence[Path] | None, select: Sequence[str] | None, ignore: Sequence[str] | None
) -> list[Rule]:
    """The rules to run: --select replaces the choice of the configuration, --ignore takes away from what is chosen."""
    from checker.check.choice import choose, matching
    from checker.config import OFF

    rules, path = _configured(config, folders), str(config.path)
    ids = matching(rules, config.select, "select", path) if config.select else {rule.id for rule in rules}
    ids -= matching(rules, config.ignore, "ignore", path)
    ids -= {id for id, level in config.levels.items() if level == OFF}
    if select:
        ids = matching(rules, _split(select), "--select")
    if ignore:
        ids -= matching(rules, _split(ignore), "--ignore")
    return choose(rules, ids)


def _split(lists: Sequence[str]) -> list[str]:
    return [name.strip() for names in lists for name in names.split(",")]


def _audit_texts(documents: Mapping[str, dict[str, str]], rules: Sequence[Rule]) -> Audit:
    """Audit documents given as {name: {text, date, place}}, as the tests of rules give them."""
    from dataclasses import replace

    from checker.pipeline import audit_documents
    from checker.read import parse
    from checker.read.metadata import parse_date

    read = []
    for name, entry in documents.items():
        known: dict[str, Any] = {key: entry[key] for key in ("title", "place") if entry.get(key)}
        if entry.get("date"):
            known["date"] = parse_date(str(entry["date"]))
        document = parse(entry["text"], name, known)
        # The first line of a text so short is no title: messages are easier to read with the name of the file.
        read.append(document if "title" in known else replace(document, title=name))
    return audit_documents(read, rules=rules)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """An error of ours is one line on standard error and exit code 2; a closed pipe ends quietly."""
    try:
        yield
    except CheckerError as error:
        _complain(str(error))
        raise typer.Exit(2) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on standard error, once the work has taken a second."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    started = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True, disable=False) as bar:
        task = bar.add_task("", visible=False)

        def advance(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of, visible=time.monotonic() - started > 1)

        yield advance


def _lang(chosen: str | None) -> str:
    if chosen is not None:
        return str(chosen)
    name = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    return "zh" if (name or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def _color() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _width() -> int:
    """The width of the terminal, and 80 columns in a log."""
    import shutil

    if sys.stdout.isatty():
        return min(shutil.get_terminal_size((80, 24)).columns, 120)
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isdecimal() and len(said) < 5 else 80


def _put(content: str | bytes, output: Path | None, mode: str = "wb") -> None:
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        with output.open(mode) as file:
            file.write(data)
    except OSError as error:
        raise CheckerError(error.strerror or str(error), str(output)) from error


def _complain(line: str) -> None:
    """One line on standard error, free of control characters that a file name may hold."""
    from checker.report.plain import visible

    typer.echo(visible(line), err=True)

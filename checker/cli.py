"""The command line: each command calls the stages and writes what they return."""

from __future__ import annotations

import locale
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checker import __version__
from checker.errors import BadSetting, CheckerError

if TYPE_CHECKING:
    from checker.baseline import Entry
    from checker.check import Rule
    from checker.collection import Indexed
    from checker.config import Config
    from checker.model import Audit, Document, Problem
    from checker.read import Note
    from checker.review import Material
    from checker.vocabulary import Vocabulary

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
baseline_app = typer.Typer(
    help="Accept findings that are known, so that `check` fails on new ones only. 已接受发现的基线。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(baseline_app, name="baseline")
collection_app = typer.Typer(
    help="See and change what a collection holds. 文件库的查看与维护。", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(collection_app, name="collection")
decisions_app = typer.Typer(
    help="Take out, merge and count what people have decided. 复核记录的导出、合并与统计。",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(decisions_app, name="decisions")


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


class DocumentsFormat(StrEnum):
    """What a list of documents can be written as."""

    text = "text"
    json = "json"
    csv = "csv"


class DecisionsFormat(StrEnum):
    """What decisions can be written as."""

    csv = "csv"
    xlsx = "xlsx"
    jsonl = "jsonl"
    annotations = "annotations"


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
Collection = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file of a collection. 文件库。", show_default=False)
]
Jobs = Annotated[
    int | None,
    typer.Option(metavar="N", min=1, max=256, help="Read on so many processes; one a core by default. 并行进程数。"),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Leave out what matches, in folders; repeatable. 排除的文件，可多个。"),
]

Words = Annotated[
    list[Path] | None,
    typer.Option("--vocabulary", metavar="PATH", help="Words to add, a file or folder; repeatable. 另加的词表。"),
]
FailLevel = Annotated[
    FailOn | None,
    typer.Option("--fail-on", help="Exit with 1 on findings of this level or worse. 返回 1 的最低级别。"),
]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Never exit with 1 on findings. 有发现也返回 0。")]
New = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[NEW]...", help="New documents; those of the configuration unless given. 新文件。"),
]
Against = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="A collection, folder or table to check against. 比对的文件库、文件夹或表格。"),
]
Baseline = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Findings that were accepted. 已接受的发现（基线）。")
]
Decisions = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What people have decided about findings. 复核记录。")
]
DecisionsFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file of decisions. 复核记录。", show_default=False)
]
Suspected = Annotated[
    bool, typer.Option("--suspected", help="List what is less sure than a note as well. 一并列出把握不足的发现。")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why they are accepted. 接受的理由。", show_default=False)]
Until = Annotated[str | None, typer.Option(metavar="DAY", help="Accepted up to this day, 2027-01-31. 接受的截止日期。")]

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
    exclude: Exclude = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailLevel = None,
    exit_zero: ExitZero = False,
    decisions: Decisions = None,
    suspected: Suspected = False,
    vocabulary: Words = None,
) -> None:
    """Check the figures of documents against each other; fails on none unless told. 核对多份文件的数据。"""
    with _clear_errors():
        targets = _targets([str(each.value) for each in format or []], output or [])
        config = _config(exclude, lang)
        words = _words(config, vocabulary)
        chosen = _chosen(config, rules, select, ignore, words)
        from checker.pipeline import audit as run
        from checker.pipeline import one_a_cause

        tell, listed = _tell_chosen(config), manifest or config.manifest
        with _progress() as progress:
            result = run(paths, listed, chosen, progress, config.exclude, tell, config.confidence, words)
        result = _with_suspected(result) if suspected else result
        result = _decided(result, chosen, decisions or config.decisions, _lang(lang or config.lang))
        result = one_a_cause(result)
        _report(result, targets, _lang(lang or config.lang))
    _conclude(result, fail_on or config.fail_on or FailOn.none, config, exit_zero)


@app.command()
def check(
    new: New = None,
    against: Against = None,
    baseline: Baseline = None,
    format: Formats = None,
    output: Outputs = None,
    lang: Language = None,
    manifest: Manifest = None,
    exclude: Exclude = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailLevel = None,
    exit_zero: ExitZero = False,
    decisions: Decisions = None,
    suspected: Suspected = False,
    vocabulary: Words = None,
) -> None:
    """Check new documents against a collection; fails on errors unless told. 用文件库核对新文件。"""
    with _clear_errors():
        from checker.pipeline import one_a_cause

        targets = _targets([str(each.value) for each in format or []], output or [])
        config = _config(exclude, lang)
        words = _words(config, vocabulary)
        chosen = _chosen(config, rules, select, ignore, words)
        result = _checked(config, new, against, manifest, chosen, words)
        _tell_alone(result)
        result = _with_suspected(result) if suspected else result
        result = _accepted(result, baseline or config.baseline)
        result = _decided(result, chosen, decisions or config.decisions, _lang(lang or config.lang))
        result = one_a_cause(result)
        _report(result, targets, _lang(lang or config.lang))
    _conclude(result, fail_on or config.fail_on or FailOn.error, config, exit_zero)


@baseline_app.command("write")
def baseline_write(
    reason: Reason,
    new: New = None,
    against: Against = None,
    baseline: Baseline = None,
    until: Until = None,
    manifest: Manifest = None,
    exclude: Exclude = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailLevel = None,
    lang: Language = None,
    vocabulary: Words = None,
) -> None:
    """Accept all findings that `check` fails on, in a new file. 接受现有发现，写成新的基线。"""
    with _clear_errors():
        config = _config(exclude, lang)
        file, day = _baseline_file(config, baseline), _day(until)
        if file.exists():
            raise BadSetting("exists already; `checker baseline update` adds to it", str(file))
        words = _words(config, vocabulary)
        result = _all_checked(config, new, against, manifest, _chosen(config, rules, select, ignore, words), words)
        _accept(result, file, [], fail_on or config.fail_on, reason, day, lang or config.lang)


@baseline_app.command("update")
def baseline_update(
    reason: Reason,
    new: New = None,
    against: Against = None,
    baseline: Baseline = None,
    until: Until = None,
    manifest: Manifest = None,
    exclude: Exclude = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailLevel = None,
    lang: Language = None,
    vocabulary: Words = None,
) -> None:
    """Accept what is new, changed or expired as well; other entries stay as they are. 把新的发现加入基线。"""
    with _clear_errors():
        from checker import baseline as lines

        config = _config(exclude, lang)
        file, day = _baseline_file(config, baseline), _day(until)
        known = lines.load(file)
        words = _words(config, vocabulary)
        result = _all_checked(config, new, against, manifest, _chosen(config, rules, select, ignore, words), words)
        _accept(result, file, known, fail_on or config.fail_on, reason, day, lang or config.lang)


@baseline_app.command("prune")
def baseline_prune(
    new: New = None,
    against: Against = None,
    baseline: Baseline = None,
    manifest: Manifest = None,
    exclude: Exclude = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    lang: Language = None,
    vocabulary: Words = None,
) -> None:
    """Take out entries that have expired, or whose finding is no more. 删除基线中过期和无用的条目。"""
    with _clear_errors():
        from checker import baseline as lines

        config = _config(exclude, lang)
        file = _baseline_file(config, baseline)
        known = lines.load(file)
        words = _words(config, vocabulary)
        result = _all_checked(config, new, against, manifest, _chosen(config, rules, select, ignore, words), words)
        applied = lines.apply(result, known, _today())
        gone = {entry.fingerprint for entry in (*applied.expired, *applied.unused)}
        _put(lines.dump(entry for entry in known if entry.fingerprint not in gone), file)
        _tell(lang or config.lang, "baseline.written", added=0, removed=len(gone), kept=len(known) - len(gone))


def _explained(document: Document, line: int, lang: str, width: int, words: Vocabulary | None) -> str:
    """How the figures on a line of a document were read."""
    from checker.extract import bindings
    from checker.extract.language import zh
    from checker.report.explain import explained

    language = zh(words)
    return explained(bindings(document, language), line, language.naming.lexer, lang, width)


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
    exclude: Exclude = None,
    explain: Annotated[
        int | None,
        typer.Option(
            metavar="LINE", min=1, help="Show how the figures on a line were read. 说明某一行的数字如何读出。"
        ),
    ] = None,
    vocabulary: Words = None,
) -> None:
    """List every figure that documents state. 列出文件中的全部数据。"""
    with _clear_errors():
        from checker.extract import extract
        from checker.extract.language import zh
        from checker.read import read
        from checker.report.claims import claims_table
        from checker.report.json import claims_jsonl

        config = _config(exclude, lang)
        tell, words = _tell_chosen(config), _words(config, vocabulary)
        documents, problems = read(paths, manifest or config.manifest, config.exclude, tell)
        found, refused = [], []
        language = zh(words)
        for document in documents if explain is None else ():
            mine, others = extract(document, language)
            found += mine
            refused += others
        if explain is not None:
            text = "".join(
                _explained(document, explain, _lang(lang or config.lang), _width(), words) for document in documents
            )
        elif format is ClaimsFormat.jsonl:
            text = claims_jsonl(refused) if rejected else claims_jsonl(found)
        else:
            width = 80 if output else _width()
            listed = ([], refused) if rejected else (found, [])
            text = claims_table(*listed, documents, _lang(lang or config.lang), width)
        _put(text, output)
    for problem in problems:
        _complain(f"{problem.path}: {problem.reason}")
    if problems:
        raise typer.Exit(2)
    if not documents:
        _nothing(config)


@app.command()
def documents(
    paths: Paths,
    format: Annotated[DocumentsFormat, typer.Option(help="Format of the list. 列表格式。")] = DocumentsFormat.text,
    output: Output = None,
    manifest: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a manifest to correct by hand. 写出文件清单，供人工核对。"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a manifest that exists. 覆盖已有的文件清单。")
    ] = False,
    exclude: Exclude = None,
    lang: Language = None,
) -> None:
    """List what documents say of themselves, the doubtful ones first. 列出文件的标题、日期、地区、种类和报告期。"""
    with _clear_errors():
        from checker.read import read
        from checker.report.documents import as_csv, as_json, as_manifest, as_text

        config = _config(exclude, lang)
        language = _lang(lang or config.lang)
        if manifest and manifest.exists() and not force:
            raise BadSetting("exists already; --force overwrites it", str(manifest))
        found, problems = read(paths, config.manifest, config.exclude, _tell_chosen(config))
        if manifest:
            _put(as_manifest(found, manifest.parent, language), manifest)
        if output or not manifest:
            listed: str | bytes
            if format is DocumentsFormat.json:
                listed = as_json(found)
            elif format is DocumentsFormat.csv:
                listed = as_csv(found, language)
            else:
                listed = as_text(found, language, _width(), _color() and output is None)
            _put(listed, output)
    for problem in problems:
        _complain(f"{problem.path}: {problem.reason}")
    if problems:
        raise typer.Exit(2)
    if not found:
        _nothing(config)


@app.command()
def index(
    paths: Paths,
    into: Annotated[
        Path, typer.Option(metavar="FILE", help="The file of the collection. 文件库。", show_default=False)
    ],
    manifest: Manifest = None,
    exclude: Exclude = None,
    jobs: Jobs = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove documents under PATHS whose files are gone. 移除已不存在的文件。")
    ] = False,
    lang: Language = None,
    vocabulary: Words = None,
) -> None:
    """Read documents into a collection; what has not changed is not read again. 把文件读入文件库。"""
    with _clear_errors():
        from checker.collection import Indexed
        from checker.collection import index as run
        from checker.read import STDIN

        if STDIN in paths:
            raise BadSetting("standard input has no place in a collection: give files and folders")
        config = _config(exclude, lang)
        tell, words, listed = _tell_chosen(config), _words(config, vocabulary), manifest or config.manifest
        with _counted(into) as progress:
            done = run(paths, into, listed, jobs, progress, prune, config.exclude, tell, words)
        _indexed(done, _lang(config.lang))
        if not prune and done == Indexed(0, 0, 0, 0, ()):
            _nothing(config)


@collection_app.command("info")
def collection_info(collection: Collection, lang: Language = None) -> None:
    """Say how much a collection holds. 文件库概况。"""
    with _clear_errors():
        from checker.collection import summary
        from checker.report.collection import summary_text

        held = summary(collection) | {"size": collection.stat().st_size}
        _put(summary_text(held, _lang(lang or _config().lang)), None)


@collection_app.command("list")
def collection_list(collection: Collection, lang: Language = None) -> None:
    """List the documents of a collection. 列出文件库中的文件。"""
    with _clear_errors():
        from checker.collection import entries
        from checker.report.collection import documents_table

        rows = [(entry.path, entry.title, entry.date, entry.place, entry.count) for entry in entries(collection)]
        width = _width() if sys.stdout.isatty() else None
        _put(documents_table(rows, _lang(lang or _config().lang), width), None)


@collection_app.command("remove")
def collection_remove(
    collection: Collection,
    paths: Annotated[
        list[Path], typer.Argument(help="Documents, or folders of them. 文件或文件夹。", show_default=False)
    ],
    lang: Language = None,
) -> None:
    """Take documents out of a collection; their files stay. 从文件库移除文件。"""
    with _clear_errors():
        from checker.collection import remove
        from checker.report.words import say

        removed = remove(collection, paths)
        number = len({path for found in removed for path in found})
        typer.echo(say(_lang(lang or _config().lang), "removed", n=number))
    strange = [path for path, found in zip(paths, removed, strict=True) if not found]
    for path in strange:
        _complain(f"{path}: not in {collection}")
    if strange:
        raise typer.Exit(2)


@collection_app.command("verify")
def collection_verify(collection: Collection, lang: Language = None) -> None:
    """Say what is wrong with a collection: damage, texts or claims missing. 检查文件库是否完好。"""
    with _clear_errors():
        from checker.collection import verify
        from checker.report.words import say

        faults = verify(collection)
        for fault in faults:
            _complain(f"{collection}: {fault}")
        typer.echo(say(_lang(lang or _config().lang), "faults", n=len(faults)))
    if faults:
        raise typer.Exit(1)


@collection_app.command("reindex")
def collection_reindex(
    collection: Collection, jobs: Jobs = None, lang: Language = None, vocabulary: Words = None
) -> None:
    """Read the figures of all documents again, off the texts that the collection holds. 按库中正文重新读取数据。"""
    with _clear_errors():
        from checker.collection import reindex

        config = _config(lang=lang)
        words = _words(config, vocabulary)
        with _counted(collection) as progress:
            done = reindex(collection, jobs, progress, words)
        _indexed(done, _lang(config.lang))


@app.command()
def review(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATHS]...",
            help="A collection, or files and folders; those of the configuration unless given. 文件或文件库。",
        ),
    ] = None,
    decisions: Decisions = None,
    as_: Annotated[str, typer.Option("--as", metavar="NAME", help="Who reviews; else the page asks. 复核人。")] = "",
    blind: Annotated[
        bool, typer.Option("--blind", help="Nobody sees an answer before giving one. 盲审：先作答，后看他人结论。")
    ] = False,
    sign_off: Annotated[
        bool, typer.Option("--sign-off", help="A confirmed error needs two people. 确认差错须两人确认。")
    ] = False,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on. 监听地址。")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=65535, help="Port; 8642, or any that is free. 端口。")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser. 不打开浏览器。")] = False,
    lang: Language = None,
    manifest: Manifest = None,
    exclude: Exclude = None,
    rules: RuleFolders = None,
    select: Select = None,
    ignore: Ignore = None,
    vocabulary: Words = None,
) -> None:
    """Open a local page on which people settle findings. 打开本地复核页面。"""
    with _clear_errors():
        from checker.report.words import say
        from checker.review import Desk, check_name, is_loopback, listen, serve, spaced

        config, who = _config(exclude, lang), spaced(as_)
        if who:
            check_name(who)
        words, language = _words(config, vocabulary), _lang(lang or config.lang)
        chosen = _chosen(config, rules, select, ignore, words)
        if as_ and not is_loopback(host):
            raise BadSetting("--as names one person, and --host lets in several; without it the page asks each of them")
        bound = listen(host, port)  # what cannot be listened on is said before the documents are read
        file = decisions or config.decisions or Path("decisions.db")
        found = _under_review(config, paths, manifest, chosen, words)
        desk = Desk(found, file, language, _now, blind, sign_off)

        def tell(address: str) -> None:
            typer.echo(say(language, "review.serving", address=address))
            typer.echo(say(language, "review.keeping", file=file))

        serve(desk, bound, host, who, tell, browse=not no_open)


def _under_review(
    config: Config,
    paths: Sequence[Path] | None,
    manifest: Path | None,
    rules: Sequence[Rule],
    words: Vocabulary | None,
) -> Material:
    """What an audit of documents, or of a collection, finds; what could not be read is said and left out."""
    from checker.pipeline import audit, audit_collection
    from checker.review import held_texts, material
    from checker.sqlitefile import is_sqlite

    given = _given(config, paths)
    if not given and config.collection:
        given = [_from_here(config.collection)]
    if not given:
        raise BadSetting("no documents to review: name some, or a collection, or set `paths` in the configuration")
    if len(given) == 1 and is_sqlite(given[0]):
        result = audit_collection(given[0], rules, config.confidence, words)
        return material(result, rules, held_texts(given[0], result.documents))
    with _progress() as progress:
        tell, listed = _tell_chosen(config), manifest or config.manifest
        result = audit(given, listed, rules, progress, config.exclude, tell, config.confidence, words)
    for problem in result.problems:
        _complain(f"{problem.path}: {problem.reason}")
    if not result.documents:
        _nothing(config)
    return material(result, rules)


@decisions_app.command("export")
def decisions_export(
    decisions: DecisionsFile,
    format: Annotated[DecisionsFormat, typer.Option(help="Format of the decisions. 导出格式。")] = DecisionsFormat.csv,
    output: Output = None,
    lang: Language = None,
) -> None:
    """Write what people have decided, for other programs or another desk. 导出复核记录。"""
    with _clear_errors():
        from checker.decisions import load
        from checker.decisions.export import EXPORTS

        _put(EXPORTS[format](load(decisions), _lang(lang or _config().lang)), output)


@decisions_app.command("import")
def decisions_import(
    decisions: DecisionsFile,
    source: Annotated[
        Path, typer.Argument(metavar="FROM", help="JSON Lines that `export` wrote. 导出的文件。", show_default=False)
    ],
    lang: Language = None,
) -> None:
    """Add the decisions of another desk; nothing is lost, and what is there already stays. 合并另一份复核记录。"""
    with _clear_errors():
        from checker.decisions import merge, read_jsonl

        events = read_jsonl(source)
        added = merge(decisions, events)
        _tell(lang or _config().lang, "decisions.imported", added=added, kept=len(events) - added)


@decisions_app.command("stats")
def decisions_stats(decisions: DecisionsFile, lang: Language = None) -> None:
    """Count how many findings were right, by rule and in all. 按规则统计发现的准确情况。"""
    with _clear_errors():
        from checker.decisions import load
        from checker.decisions.export import stats_rows
        from checker.decisions.stats import stats
        from checker.report.text import on_console, table

        rows = stats_rows(stats(load(decisions)), _lang(lang or _config().lang))
        width = _width() if sys.stdout.isatty() else 120
        _put(on_console(table(rows, [1] + [0] * 7, "<>>>>>>>", width), width, color=False), None)


@decisions_app.command("fit")
def decisions_fit(
    decisions: DecisionsFile,
    paths: Paths,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="Fit on few verdicts as well. 结论很少也重新拟合。")] = False,
    manifest: Manifest = None,
    exclude: Exclude = None,
    rules: RuleFolders = None,
    vocabulary: Words = None,
    lang: Language = None,
) -> None:
    """Fit the confidence of findings on what people have decided about them. 按复核结论重新拟合把握程度。"""
    with _clear_errors():
        from checker.decisions import fit as fitting
        from checker.decisions import load
        from checker.pipeline import audit as run
        from checker.report.text import on_console, table
        from checker.report.words import say
        from checker.vocabulary import CONFIDENCE, rules_dir, shipped

        config, events = _config(exclude, lang), load(decisions)
        words, language = _words(config, vocabulary), _lang(lang or config.lang)
        chosen, tell = _configured(config, rules, words), _tell_chosen(config)
        with _progress() as progress:
            result = run(paths, manifest or config.manifest, chosen, progress, config.exclude, tell, None, words)
        for problem in result.problems:
            _complain(f"{problem.path}: {problem.reason}")
        told = fitting.judged(events, result)
        if len(told) < (1 if force else fitting.FEWEST):
            typer.echo(say(language, "fit.few", n=len(told), least=fitting.FEWEST))
            return
        model, now = shipped()[CONFIDENCE], (words or shipped())[CONFIDENCE]
        weights = fitting.fit(told, model, fitting.believed(told, model), fitting.SHIPPED_DEVIATION)
        before, after = (fitting.calibration(told, each) for each in (fitting.believed(told, now), weights))
        rows = fitting.calibration_rows(before, after)
        typer.echo(say(language, "fit.read", n=len(told), right=sum(one.right for one in told)))
        _put(on_console(table(rows, [1] + [0] * 6, "<>>>>>>", _width()), _width(), color=False), None)
        file = output or decisions.with_name(f"{CONFIDENCE}.yaml")
        fitting.write(file, rules_dir() / "vocabulary" / f"{CONFIDENCE}.yaml", weights, model)
        typer.echo(say(language, "fit.written", file=file))


@rules_app.command("list")
def rules_list(rules: RuleFolders = None, select: Select = None, ignore: Ignore = None, lang: Language = None) -> None:
    """List the rules with their level and what they check. 列出全部规则。"""
    with _clear_errors():
        config = _config()
        chosen = _chosen(config, rules, select, ignore, _words(config))
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
        words = _words(config)
        rule = named(_configured(config, rules, words), id)
        firing, silent = (
            (test, _with_suspected(_audit_texts(test.documents, [rule], words))) if test else None
            for test in rule_examples(rule)
        )
        _put(explain(rule, firing, silent, _lang(lang or config.lang), _width(), _color()), None)


@rules_app.command("test")
def rules_test(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Test the rules of this folder alone. 只测试此文件夹。", show_default=False),
    ] = None,
    rules: RuleFolders = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Say which condition a failed test fails by. 说明未通过的测试败在哪个条件。"),
    ] = False,
) -> None:
    """Run the tests that each rule carries. 运行每条规则自带的测试。"""
    with _clear_errors():
        from checker.align import align
        from checker.check import load_rules, rule_tests, run_tests

        config = _config()
        words = _words(config)
        tested = load_rules([folder, *(rules or [])], words) if folder else _loaded(config, rules, words)
        failures = run_tests(
            tested,
            lambda documents: _audit_texts(documents, tested, words),
            (lambda audit: align(audit.claims, audit.documents, words).table) if explain else None,
        )
        for failure in failures:
            _complain(str(failure))
            for line in failure.because:
                _complain(f"{failure.rule}: {failure.test}: because {line}")
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


def _checked(
    config: Config,
    new: Sequence[Path] | None,
    against: Path | None,
    manifest: Path | None,
    rules: Sequence[Rule],
    words: Vocabulary | None,
) -> Audit:
    """New documents checked against a collection, a folder of documents, or where there is neither, one another."""
    from checker.pipeline import audit, check_against

    paths = _given(config, new)
    if not paths:
        raise BadSetting("no documents to check: name some, or set `paths` in the configuration")
    against, manifest = against or config.collection, manifest or config.manifest
    unread: tuple[Problem, ...] = ()
    if against and against.is_dir():
        against, unread = _indexed_folder(against, manifest, config.exclude, words)
    tell = _tell_chosen(config)
    with _progress() as progress:
        if against is None:
            return audit(paths, manifest, rules, progress, config.exclude, tell, config.confidence, words)
        result = check_against(
            against, paths, manifest, rules, progress, config.exclude, tell, config.confidence, words
        )
    problems = {problem.path: problem for problem in (*unread, *result.problems)}
    return replace(result, problems=tuple(problems[path] for path in sorted(problems)))


def _given(config: Config, paths: Sequence[Path] | None) -> list[Path]:
    """The documents that the command line names, else those of the configuration."""
    return [*(paths or [])] or [_from_here(path) for path in config.paths]


def _all_checked(
    config: Config,
    new: Sequence[Path] | None,
    against: Path | None,
    manifest: Path | None,
    rules: Sequence[Rule],
    words: Vocabulary | None,
) -> Audit:
    """The same, to change a baseline by: where something could not be read, that is said and nothing is changed."""
    result = _checked(config, new, against, manifest, rules, words)
    _conclude(result, FailOn.none, config, exit_zero=True)
    return result


def _indexed_folder(
    folder: Path, manifest: Path | None, exclude: Sequence[str], words: Vocabulary | None
) -> tuple[Path, tuple[Problem, ...]]:
    """The collection beside a folder of documents, brought up to date, and what could not be read."""
    from checker.collection import entries, index, remove

    folder = Path(os.path.abspath(folder))
    cache, named = folder.parent / f".{folder.name}.checker", _from_here(folder)
    with _counted(cache) as progress:
        done = index([named], cache, manifest, progress=progress, prune=True, exclude=exclude, vocabulary=words)
    # From another folder, the same documents went by other paths.
    remove(cache, [path for entry in entries(cache) if not (path := Path(entry.path)).is_relative_to(named)])
    return cache, done.problems


def _from_here(path: Path) -> Path:
    """A path below the current folder as seen from it, as people and code hosts write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _with_suspected(result: Audit) -> Audit:
    """The audit with what is too unsure for a note among its findings."""
    return replace(result, findings=(*result.findings, *result.suspected), suspected=())


def _tell_alone(result: Audit) -> None:
    """A document that is compared with nothing passes, so somebody should know that."""
    place = {document.path: document.place for document in result.documents}
    for path in result.alone:
        of = f"of {place[path]}" if place[path] else "without a place; a manifest or front matter gives it one"
        _complain(f"{path}: nothing to compare it with: the collection holds no report {of}")


def _accepted(result: Audit, file: Path | None) -> Audit:
    """The audit with the findings of a baseline suppressed; says which of its entries no longer hold."""
    if file is None:
        return result
    from checker import baseline as lines

    applied = lines.apply(result, lines.load(file), _today())
    for what, entries in (
        ("expired", applied.expired), ("its figures have changed", applied.changed), ("unused", applied.unused)
    ):  # fmt: skip
        for entry in entries:
            _complain(f"{file}:{entry.line}: {what}: {entry.rule}, {entry.metric}, {entry.period}")
    return applied.audit


def _decided(result: Audit, rules: Sequence[Rule], file: Path | None, lang: str) -> Audit:
    """The audit with the findings that people have settled suppressed; says which of them are open again, and why."""
    if file is None:
        return result
    from checker.decisions import apply, load
    from checker.report.words import say
    from checker.wording import period

    applied = apply(result, rules, load(file), lang)
    for finding, changed in applied.reopened:
        what = say(lang, "decision.between").join(say(lang, f"decision.{one}") for one in changed)
        when = period(finding.period_start, finding.period_end, lang)
        about = {"rule": finding.rule, "metric": finding.metric, "period": when}
        _complain(f"{file}: {say(lang, 'decision.reopened', what=what, **about)}")
    return applied.audit


def _accept(
    result: Audit,
    file: Path,
    known: Sequence[Entry],
    least: str | None,
    reason: str,
    until: date | None,
    lang: str | None,
) -> None:
    """Write a baseline of the known entries and of what `check` fails on besides."""
    from checker import baseline as lines

    open_still = lines.apply(result, known, _today()).audit
    added = lines.accept(open_still, _loud(least or FailOn.error), _said(reason), until)
    entries = {entry.fingerprint: entry for entry in (*known, *added)}
    _put(lines.dump(entries.values()), file)
    _tell(lang, "baseline.written", added=len(added), removed=0, kept=len(entries) - len(added))


def _baseline_file(config: Config, given: Path | None) -> Path:
    file = given or config.baseline
    if file is None:
        raise BadSetting("no baseline: name one with --baseline, or set `baseline` in the configuration")
    return file


def _said(reason: str) -> str:
    if not reason.strip():
        raise BadSetting("--reason is empty")
    return reason


def _day(until: str | None) -> date | None:
    try:
        return None if until is None else date.fromisoformat(until)
    except ValueError:
        raise BadSetting(f"--until {until!r} is no day such as 2027-01-31") from None


def _today() -> date:
    """The day by which entries of a baseline expire; a build that must be reproducible sets SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else date.today()
    except (ValueError, OverflowError, OSError):
        raise BadSetting(f"SOURCE_DATE_EPOCH is no number of seconds: {epoch[:40]!r}") from None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _loud(least: str) -> list[str]:
    """The levels at which a run fails."""
    return LEVELS[: LEVELS.index(least) + 1] if least != FailOn.none else []


def _conclude(result: Audit, least: str, config: Config, exit_zero: bool) -> None:
    """Name what could not be read, and exit as that and the findings want it."""
    for problem in result.problems:
        _complain(f"{problem.path}: {problem.reason}")
    if result.problems:
        raise typer.Exit(2)
    if not result.documents:
        _nothing(config)
    loud = _loud(least)
    if not exit_zero and any(finding.level in loud and not finding.suppression for finding in result.findings):
        raise typer.Exit(1)


def _nothing(config: Config) -> None:
    """A run that has read nothing has found nothing, and must not pass for one that found all in order."""
    from checker.report.words import say

    _complain(say(_lang(config.lang), "chosen.nothing"))
    raise typer.Exit(2)


def _tell_chosen(config: Config) -> Callable[[Note], None]:
    """Says on standard error what was passed over when files were chosen, a line each."""
    from checker.report.words import say

    lang = _lang(config.lang)

    def tell(note: Note) -> None:
        n = sum(note.counts.values())
        what = [say(lang, "chosen.kind", n=count, kind=kind) for kind, count in note.counts.items()]
        names = [*note.names[:5], *(["..."] if len(note.names) > 5 else [])]
        between = say(lang, "chosen.between")
        values = {"n": n, "what": between.join(what), "path": note.path, "names": between.join(names)}
        _complain(say(lang, f"chosen.{note.what}", **values))

    return tell


def _tell(lang: str | None, key: str, **numbers: int) -> None:
    from checker.report.words import say

    typer.echo(say(_lang(lang), key, **numbers))


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


def _indexed(done: Indexed, lang: str) -> None:
    """Say what was done to a collection, and what could not be read; exit with 2 where there is any of that."""
    from checker.report.words import say

    counts = {"added": done.added, "replaced": done.replaced, "unchanged": done.unchanged, "removed": done.removed}
    typer.echo(say(lang, "indexed", **counts, unreadable=len(done.problems)))
    for problem in done.problems:
        _complain(f"{problem.path}: {problem.reason}")
    if done.problems:
        raise typer.Exit(2)


def _config(exclude: Sequence[str] | None = None, lang: Lang | None = None) -> Config:
    """The settings of the project, with what the command line adds to them or sets in their place."""
    from checker.config import load

    config = load(Path.cwd())
    return replace(config, exclude=(*config.exclude, *(exclude or [])), lang=lang or config.lang)


def _loaded(config: Config, folders: Sequence[Path] | None, words: Vocabulary | None) -> list[Rule]:
    """The shipped rules and those of all folders that the configuration and the command line add."""
    from checker.check import load_rules
    from checker.vocabulary import rules_dir

    return load_rules([rules_dir(), *config.rules, *(folders or [])], words)


def _configured(config: Config, folders: Sequence[Path] | None, words: Vocabulary | None) -> list[Rule]:
    """The same with the levels and thresholds that the configuration sets; a rule that is off keeps its level."""
    from checker.check.choice import at_level, named, with_thresholds
    from checker.config import OFF

    rules = {rule.id: rule for rule in _loaded(config, folders, words)}
    path = str(config.path)
    for id, level in config.levels.items():
        rule = named(rules.values(), id, "levels", path)
        rules[id] = rule if level == OFF else at_level(rule, level)
    for id, numbers in config.thresholds.items():
        rules[id] = with_thresholds(named(rules.values(), id, "thresholds", path), numbers, path)
    return list(rules.values())


def _chosen(
    config: Config,
    folders: Sequence[Path] | None,
    select: Sequence[str] | None,
    ignore: Sequence[str] | None,
    words: Vocabulary | None,
) -> list[Rule]:
    """The rules to run: --select replaces the choice of the configuration, --ignore takes away from what is chosen."""
    from checker.check.choice import choose, matching
    from checker.config import OFF

    rules, path = _configured(config, folders, words), str(config.path)
    ids = matching(rules, config.select, "select", path) if config.select else {rule.id for rule in rules}
    ids -= matching(rules, config.ignore, "ignore", path)
    ids -= {id for id, level in config.levels.items() if level == OFF}
    if select:
        ids = matching(rules, _split(select), "--select")
    if ignore:
        ids -= matching(rules, _split(ignore), "--ignore")
    return choose(rules, ids)


def _words(config: Config, given: Sequence[Path] | None = None) -> Vocabulary | None:
    """The vocabulary with what the configuration and the command line add; None where they add nothing."""
    paths = [*config.vocabulary, *(given or [])]
    if not paths:
        return None
    from checker.extract.own import load_vocabulary

    return load_vocabulary(paths)


def _split(lists: Sequence[str]) -> list[str]:
    return [name.strip() for names in lists for name in names.split(",")]


def _audit_texts(documents: Mapping[str, dict[str, str]], rules: Sequence[Rule], words: Vocabulary | None) -> Audit:
    """Audit documents given as {name: {text, date, place}}, as the tests of rules give them."""
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
    return audit_documents(read, rules=rules, vocabulary=words)


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


@contextmanager
def _counted(collection: Path) -> Iterator[Callable[[int, int], None]]:
    """The progress of work on a collection; Ctrl-C leaves that as it was, and one line says how far it came."""
    came, of = 0, 0

    def advance(done: int, total: int) -> None:
        nonlocal came, of
        came, of = done, total
        if shown:
            shown(done, total)

    try:
        with _progress() as shown:
            yield advance
    except KeyboardInterrupt:
        _complain(f"interrupted after {came} of {of} documents; {collection} is as it was")
        raise typer.Exit(130) from None


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

"""Decisions for other programs, and what they say of the rules."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from desk import B, at, audited, same_fact, seen, verdict

from checker.decisions import State, decide, state, states, undo
from checker.decisions.events import Event, load
from checker.decisions.export import EXPORTS, stats_rows
from checker.decisions.stats import stats

AUDIT = audited(b=f"=cmd()\u202e\n{B}", names=("报告 a.txt", "b#1.txt"))
FINDING = same_fact(AUDIT).fingerprint


def history() -> list[Event]:
    """A verdict, taken back; another, agreed to by a second person; and one on another finding."""
    first = decide(State(FINDING), seen(AUDIT), "张三", at(0), "rounding", note="=1+1")
    found = state(FINDING, [first])
    taken = undo(found, "张三", at(1), first.id)
    found = state(FINDING, [first, taken])
    second = decide(found, seen(AUDIT), "@李四", at(2), "confirmed-error", side="B", note="已联系\n作者")
    found = state(FINDING, [first, taken, second])
    third = decide(found, seen(AUDIT), "张三", at(3), "confirmed-error", side="B")
    return [first, taken, second, third, verdict("accepted", reason="已刊出", minute=4)]


def export(format: str, lang: str = "zh") -> Any:
    return EXPORTS[format](history(), lang)


def test_csv_has_a_row_for_each_event() -> None:
    data = export("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))
    shown = [[row[name] for name in ("操作", "效力", "原为", "改为", "一方", "备注")] for row in rows]
    assert shown == [
        ["结论", "已撤销", "待处理", "四舍五入", "", "'=1+1"],
        ["撤销", "有效", "四舍五入", "待处理", "", ""],
        ["结论", "有效", "待处理", "确认差错", "B", "已联系 作者"],
        ["结论", "有效", "确认差错", "确认差错", "B", ""],
        ["结论", "有效", "待处理", "接受不改", "", ""],
    ]
    assert rows[2]["复核人"] == "'@李四" and rows[2]["数字"] == "412.6亿元 / 421.6亿元"
    assert rows[2]["时期"] == "2020年" and rows[2]["文件"] == "报告 a.txt / b#1.txt"
    assert not any(str(cell).startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_xlsx_holds_the_same() -> None:
    book = openpyxl.load_workbook(BytesIO(export("xlsx", "en")))
    (sheet,) = book.worksheets
    assert sheet.title == "Decisions" and sheet.max_row == 6
    assert [cell.value for cell in sheet[4]][5:8] == ["open", "confirmed error", "B"]
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}


def test_json_lines_come_back() -> None:
    assert [load(line) for line in export("jsonl").splitlines()] == history()


def test_annotations_are_of_the_verdicts_that_hold() -> None:
    found = json.loads(export("annotations"))
    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld" and found["type"] == "AnnotationCollection"
    items = found["first"]["items"]
    assert found["total"] == len(items) == 3
    assert len({found["id"], found["first"]["id"], *(item["id"] for item in items)}) == 5
    by_name = {(item["creator"]["name"], item["created"]): item for item in items}
    item = by_name["@李四", at(2)]
    assert [(body["value"], body["purpose"]) for body in item["body"]] == [
        ("确认差错（B）", "classifying"), ("已联系\n作者", "commenting")
    ]  # fmt: skip
    texts = {document.path: document.text for document in AUDIT.documents}
    assert len(item["target"]) == 2
    for target in item["target"]:
        text = texts[unquote(target["source"])]
        quote, position = target["selector"]
        assert (quote["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
        assert not set(target["source"]) & set(" #?")


def test_the_order_of_events_makes_no_difference_to_annotations() -> None:
    assert EXPORTS["annotations"](history()[::-1], "zh") == export("annotations")


@pytest.mark.parametrize("format", EXPORTS)
def test_a_file_without_decisions(format: str) -> None:
    assert EXPORTS[format]([], "zh") is not None


@pytest.mark.parametrize("format", EXPORTS)
def test_text_of_any_kind_is_written(format: str) -> None:
    hostile = "\ud800\x00\u202e<script>"
    sight = seen(audited())
    event = decide(State(FINDING), sight, hostile, at(0), "accepted", reason=hostile, note=hostile)
    written = EXPORTS[format]([event], "en")
    assert written if isinstance(written, bytes) else written.encode()


def test_flags_that_were_right_are_counted_by_rule() -> None:
    given = ["confirmed-error", "explained", "accepted", "rounding", "extraction-error", "alignment-error", "open"]
    events = [
        verdict(to, finding=f"{n:016x}", reason="因" if to in ("explained", "accepted") else "")
        for n, to in enumerate([*given, "in-progress", "to-verify"])
    ]
    disputed = [verdict("rounding", "李四", 1, finding=f"{0:016x}")]
    rule = "same-fact"
    assert stats_rows(stats(events), "zh")[1:] == [
        [rule, "6", "3", "50.0%", "1", "1", "1", "3"], ["全部", "6", "3", "50.0%", "1", "1", "1", "3"]
    ]  # fmt: skip
    assert stats_rows(stats(events + disputed), "en")[1] == [rule, "5", "2", "40.0%", "1", "1", "1", "4"]
    assert stats_rows(stats([]), "en")[1:] == [["All", "0", "0", "", "0", "0", "0", "0"]]


def test_history_is_what_it_says() -> None:
    found = states(history())[FINDING]
    assert (found.to, found.signed, len(found.undone)) == ("confirmed-error", True, 1)

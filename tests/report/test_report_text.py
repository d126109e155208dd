from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.text import Text

from checker.errors import BadSetting
from checker.model import Audit, changed
from checker.report import FORMATS, write
from checker.report.claims import claims_table
from checker.report.text import render
from checker.report.view import grouped
from checker.report.wrap import wrap

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_is_as_before(audit: Audit, golden: Callable[[str, str], None], lang: str) -> None:
    golden(f"report.{lang}.txt", render(audit, lang, width=80, color=False))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_asked(audit: Audit, lang: str, width: int) -> None:
    for line in render(audit, lang, width=width, color=False).split("\n"):
        assert cell_len(line) <= width, line


def test_no_control_character_of_a_document_reaches_the_terminal(audit: Audit) -> None:
    assert not CONTROLS.search(render(audit, "zh", color=False))
    coloured = re.sub("\x1b\\[[0-9;]*m", "", render(audit, "zh", color=True))
    assert not CONTROLS.search(coloured)
    assert re.sub("[【】]", "", coloured).count("410亿元") == render(audit, "zh", color=False).count("410亿元")


def test_markup_in_documents_is_text(audit: Audit) -> None:
    text = claims_table(audit.claims, audit.rejected, audit.documents, "zh")
    assert "evil[red]␛[2J.txt" in text
    assert not CONTROLS.search(text)
    assert all(cell_len(line) <= 80 for line in text.split("\n"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_claims_are_listed_by_their_places_document_by_document(
    placed: Audit, golden: Callable[[str, str], None], lang: str
) -> None:
    text = claims_table(placed.claims, placed.rejected, placed.documents, lang)
    assert all(cell_len(line) <= 80 for line in text.split("\n"))
    golden(f"claims.{lang}.txt", text)


def test_of_a_long_path_a_listing_shows_the_end(audit: Audit) -> None:
    path = "报告/" * 30 + "收支.txt"
    (_, shown, _, _) = claims_table([changed(audit.claims[0], document=path)], [], [], "zh").split("\n")
    assert shown.startswith("…") and shown.endswith("/报告/收支.txt") and cell_len(shown) <= 80


def test_figures_are_marked_with_and_without_colour(audit: Audit) -> None:
    assert "【398亿元】" in render(audit, "zh", color=False)
    assert "\x1b[1;7m398亿元\x1b[0m" in render(audit, "zh", color=True)


def test_findings_about_one_fact_stand_together_worst_first(audit: Audit) -> None:
    groups = grouped(audit)
    assert [[finding.level for finding in group.findings] for group in groups] == [["error", "warning"], ["note"]]
    assert groups == grouped(replace(audit, findings=audit.findings[::-1]))


def test_the_suppressed_are_marked_and_come_last(suppressed: Audit) -> None:
    shown = render(suppressed, "zh")
    assert "■ 不一致 1  ▲ 待核对 0  ○ 提示 1  □ 已屏蔽 1" in shown.splitlines()
    assert shown.index("□ 已屏蔽 ", 200) > shown.index("○ 提示 ", 200) > shown.index("■ 不一致 ", 200)
    assert "  已屏蔽  复核结论：已核：<b>x</b>|`@all`␛[2J ::error::]]>" in shown.splitlines()
    assert [[finding.level for finding in group.findings] for group in grouped(suppressed)] == [
        ["error"], ["note"], ["warning"],
    ]  # fmt: skip


def test_an_empty_audit_says_so() -> None:
    nothing = Audit((), (), (), (), ())
    assert "未见差异" in render(nothing, "zh")
    for format in FORMATS:
        assert write(nothing, format, "en")


def test_a_finding_on_a_document_whose_text_is_not_at_hand(audit: Audit) -> None:
    away = replace(audit, documents=audit.documents[:2])
    for format in FORMATS:
        assert write(away, format, "zh")
    assert "report.md" in render(away, "zh")


def test_unknown_formats_are_a_bad_setting(audit: Audit) -> None:
    with pytest.raises(BadSetting, match="text, json, html, csv, xlsx"):
        write(audit, "pdf")


def test_formats_reproduce_byte_for_byte(audit: Audit) -> None:
    for format in FORMATS:
        assert write(audit, format, "zh") == write(audit, format, "zh"), format


def test_lines_break_between_chinese_characters_but_not_before_a_comma_or_in_a_number() -> None:
    lines = [line.plain for line in wrap(Text("全市生产总值达到412.6亿元，增长6.9%。"), 20)]
    assert lines == ["全市生产总值达到", "412.6亿元，增长6.9%。"] or all(cell_len(line) <= 20 for line in lines)
    assert not any(line[0] in "，。" for line in lines)
    assert any("412.6亿元" in line for line in lines)


def test_a_word_longer_than_the_line_is_cut() -> None:
    lines = [line.plain for line in wrap(Text("x" * 95 + "，" * 30), 40)]
    assert all(cell_len(line) <= 40 for line in lines)
    assert "".join(lines) == "x" * 95 + "，" * 30

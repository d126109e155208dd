from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from checker.model import Audit
from checker.report import markdown
from checker.report.markdown import render


def _rows(audit: Audit, lang: str = "zh") -> list[list[str]]:
    """The cells of the table below its head; a bar after a backslash is part of a cell."""
    lines = [line for line in render(audit, lang).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_markdown_is_as_before(suppressed: Audit, golden: Callable[[str, str], None], lang: str) -> None:
    golden(f"report.{lang}.md", render(suppressed, lang))


def test_a_row_for_each_finding_the_suppressed_last(suppressed: Audit) -> None:
    rows = _rows(suppressed)
    assert {len(row) for row in rows} == {6}
    assert [row[0] for row in rows] == ["■ 不一致", "○ 提示", "□ 已屏蔽"]
    assert rows[2][4].startswith("复核结论：已核：")
    assert "□ 已屏蔽 1" in render(suppressed, "zh")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("`code` *x* _y_ ~z~ $m$", r"\`code\` \*x\* \_y\_ \~z\~ \$m\$"),
        ("<img src=x onerror=alert(1)>&amp;", r"\<img src=x onerror=alert(1)\>\&amp;"),
        ("[link](https://example.org)", r"\[link\](https:<!-- -->//example.org)"),
        ("www.example.org", "www<!-- -->.example.org"),
        ("@everyone #1 a#2", r"@<!-- -->everyone \#<!-- -->1 a\#<!-- -->2"),
        ("\\|", r"\\\|"),
        ("a\n\n# b\x1b", r"a \# b␛"),
        ("37% — 5.2万", "37% — 5.2万"),
    ],
)
def test_text_stays_text(audit: Audit, text: str, shown: str) -> None:
    findings = (replace(audit.findings[0], message={"zh": text}),)
    (row,) = _rows(replace(audit, findings=findings))
    assert row[1] == shown


def test_what_has_no_room_is_counted(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_MOST_BYTES", 400)
    assert len(_rows(audit)) == 1
    assert "列出最重要的1条发现，另有2条未列出。" in render(audit, "zh")


def test_a_summary_of_many_findings_fits_into_one_step(audit: Audit) -> None:
    many = tuple(replace(finding, fingerprint=str(n)) for finding in audit.findings for n in range(3000))
    assert 900_000 < len(render(replace(audit, findings=many), "zh").encode()) < 1024 * 1024


def test_an_audit_without_findings_says_so() -> None:
    assert "未见差异" in render(Audit((), (), (), (), ()), "zh")

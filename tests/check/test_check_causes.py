"""One cause, one finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.check import merge
from checker.pipeline import audit_documents, one_a_cause
from checker.read import parse

CASES = yaml.safe_load((Path(__file__).parent / "causes.yaml").read_text(encoding="utf-8"))


def test_four_values_in_five_documents_are_one_message() -> None:
    amounts = {"甲": "62.51", "乙": "65.21", "丙": "63.14", "丁": "62.51", "戊": "66.02"}
    documents = [
        parse(f"2020年，清河市粮食产量{amount}万吨。", f"{title}.txt", {"title": title, "place": "清河市"})
        for title, amount in amounts.items()
    ]
    audit = one_a_cause(audit_documents(documents))
    [finding] = audit.findings
    assert len(finding.claims) == 5
    zh, en = finding.message["zh"], finding.message["en"]
    assert zh.startswith("粮食产量（2020年）：") and zh.endswith("各处不一致")
    assert en.startswith("粮食产量 (2020): ") and en.endswith(" do not agree")
    for value, title in (("65.21", "乙"), ("63.14", "丙"), ("66.02", "戊")):
        assert f"{value}万吨（{title}）" in zh and f"{value}万吨 ({title})" in en
    assert "62.51万吨（甲等2份文件）" in zh or "62.51万吨（丁等2份文件）" in zh
    assert zh.count("万吨") == 4


def test_two_values_keep_the_message_of_the_rule() -> None:
    documents = [
        parse(f"2020年，清河市粮食产量{amount}万吨。", f"{title}.txt", {"title": title, "place": "清河市"})
        for title, amount in (("甲", "62.51"), ("乙", "65.21"), ("丙", "62.51"))
    ]
    [finding] = one_a_cause(audit_documents(documents)).findings
    assert finding.message["zh"].endswith("不一致") and "各处" not in finding.message["zh"]
    assert len(finding.claims) == 3


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_found_of_one_cause_is_one_finding(case: dict[str, Any]) -> None:
    documents = [
        parse(known["text"], name, {key: value for key, value in known.items() if key != "text"})
        for name, known in case["documents"].items()
    ]
    audit = audit_documents(documents)
    claims = {claim.id: claim for claim in audit.claims}
    found = merge([*audit.findings, *audit.suspected], audit.facts, claims)
    assert sorted(sorted(one.rule for one in (finding, *finding.also)) for finding in found) == case["findings"]
    for finding in found:
        assert len(set(finding.claims)) == len(finding.claims)
        for other in finding.also:
            assert set(other.claims) <= set(finding.claims)

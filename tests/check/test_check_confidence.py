"""What makes findings more or less likely to be right, and the level that follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.check import weigh
from checker.check.confidence import MARKS, look, marks, rate
from checker.model import LEVELS, SUSPECTED, Audit, Finding
from checker.pipeline import audit_documents
from checker.read import parse
from checker.vocabulary import words

CASES = yaml.safe_load((Path(__file__).parent / "marks.yaml").read_text(encoding="utf-8"))


def audited(case: dict[str, Any]) -> Audit:
    return audit_documents(
        [
            parse(known["text"], name, {key: value for key, value in known.items() if key != "text"})
            for name, known in case["documents"].items()
        ]
    )


def finding_of(case: dict[str, Any], audit: Audit) -> Finding:
    [finding] = [one for one in (*audit.findings, *audit.suspected) if one.rule == case["rule"]]
    return finding


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_finding_bears_its_marks(case: dict[str, Any]) -> None:
    audit = audited(case)
    [seen] = look([finding_of(case, audit)], {claim.id: claim for claim in audit.claims}, audit.documents)
    assert sorted(marks(seen)) == case["marks"]


def test_every_mark_is_named_in_the_vocabulary_and_every_name_is_a_mark() -> None:
    slots = {"metric-carried", "metric-document", "metric-assumed", "period-carried", "period-document",
             "period-assumed", "modality-carried", "modality-document", "tier-carried", "tier-assumed"}  # fmt: skip
    assert {mark["id"] for mark in words("confidence")["marks"]} == {*MARKS, *slots}


def test_a_mark_that_speaks_one_way_has_no_weight_the_other() -> None:
    for mark in words("confidence")["marks"]:
        assert mark["weight"] * {"for": 1, "against": -1}.get(mark.get("speaks"), 0) >= 0, mark["id"]


def test_the_level_is_the_milder_of_what_rule_and_confidence_allow() -> None:
    finding = finding_of(CASES[0], audited(CASES[0]))
    least, seen = words("confidence")["thresholds"], {}
    for odds in (4.0, 1.0, 0.0, -3.0):
        model = {**words("confidence"), "rules": {finding.rule: odds}}
        seen[odds] = [rate(replace(finding, severity=severity), [], least, model).level for severity in LEVELS]
    assert seen == {
        4.0: ["error", "warning", "note"],
        1.0: ["warning", "warning", "note"],
        0.0: ["note", "note", "note"],
        -3.0: [SUSPECTED, SUSPECTED, SUSPECTED],
    }


def test_the_confidence_is_that_of_the_sum_of_its_marks() -> None:
    model = words("confidence")
    for case in CASES:
        finding = finding_of(case, audited(case))
        odds = model["rules"].get(finding.rule, model["other_rules"]) + sum(mark.weight for mark in finding.marks)
        assert finding.confidence == pytest.approx(1 / (1 + 2.718281828459045**-odds), abs=0.001), case["name"]


def test_the_order_of_findings_and_claims_makes_no_difference() -> None:
    audit = audited(CASES[0])
    claims = {claim.id: claim for claim in audit.claims}
    found = [*audit.findings, *audit.suspected]
    backwards = weigh(found[::-1], dict(reversed(claims.items())), audit.documents[::-1])
    assert weigh(found, claims, audit.documents) == backwards

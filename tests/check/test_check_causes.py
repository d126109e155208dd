"""One cause, one finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.check import merge
from checker.pipeline import audit_documents
from checker.read import parse

CASES = yaml.safe_load((Path(__file__).parent / "causes.yaml").read_text(encoding="utf-8"))


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

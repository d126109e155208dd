"""Code quality checked against what GitLab documents of its report format: docs.gitlab.com/ci/testing/code_quality."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from checker import audit as audit_files
from checker.model import Audit
from checker.report.gitlab import render

LINES = {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {"path": {"type": "string", "pattern": "^(?!\\./)"}, "lines": LINES},
            },
        },
    },
}


def _entries(audit: Audit, lang: str = "zh") -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(render(audit, lang))
    jsonschema.validate(entries, SCHEMA)
    return entries


def test_code_quality_is_as_before(suppressed: Audit, golden: Callable[[str, str], None]) -> None:
    golden("report.gitlab.json", render(suppressed, "zh"))


def test_an_entry_for_each_finding_that_counts(audit: Audit, suppressed: Audit) -> None:
    assert [(entry["severity"], entry["location"]["lines"]["begin"]) for entry in _entries(audit)] == [
        ("major", 5), ("minor", 5), ("info", 8),
    ]  # fmt: skip
    assert [entry["severity"] for entry in _entries(suppressed)] == ["major", "info"]
    assert _entries(Audit((), (), (), (), ())) == []


def test_a_file_without_lines_has_its_first_one(placed: Audit) -> None:
    """GitLab takes no entry without a line; where the figure stands is in the description."""
    first, *_ = _entries(placed, "en")
    assert first["location"] == {"path": "paper.txt", "lines": {"begin": 1, "end": 1}}
    assert "A 398亿元 · paper.txt · page 2, line 3 · B 412.6亿元 · report.md:7 · table 3, row" in first["description"]


@pytest.fixture(scope="module")
def seeds() -> Audit:
    return audit_files([Path(__file__).parents[2] / "seeds"])


def test_fingerprints_are_unique(seeds: Audit) -> None:
    fingerprints = [entry["fingerprint"] for entry in _entries(seeds)]
    assert len(fingerprints) > 5 and len(set(fingerprints)) == len(fingerprints)


def test_control_characters_stay_escaped(audit: Audit) -> None:
    assert "\x1b" not in render(audit, "zh")

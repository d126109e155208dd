"""Diagnostics checked against reviewdog's definition of them (proto/rdf in its repository), the columns as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema

from checker.model import Audit
from checker.report.rdjson import render

COUNT = {"type": "integer", "minimum": 1}
POSITION = {"type": "object", "additionalProperties": False, "properties": {"line": COUNT, "column": COUNT}}
RANGE = {
    "type": "object",
    "required": ["start"],
    "additionalProperties": False,
    "properties": {"start": POSITION, "end": POSITION},
}
LOCATION = {
    "type": "object",
    "required": ["path"],
    "additionalProperties": False,
    "properties": {"path": {"type": "string"}, "range": RANGE},
}
TEXT = {"type": "string", "minLength": 1}
RELATED = {
    "type": "object",
    "required": ["location"],
    "additionalProperties": False,
    "properties": {"message": TEXT, "location": LOCATION},
}
DIAGNOSTIC = {
    "type": "object",
    "required": ["message", "location"],
    "additionalProperties": False,
    "properties": {
        "message": TEXT,
        "location": LOCATION,
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "code": {"type": "object", "required": ["value"], "properties": {"value": TEXT}},
        "related_locations": {"type": "array", "items": RELATED},
    },
}
SCHEMA = {
    "type": "object",
    "required": ["source", "diagnostics"],
    "additionalProperties": False,
    "properties": {
        "source": {"type": "object", "required": ["name"], "properties": {"name": TEXT}},
        "diagnostics": {"type": "array", "items": DIAGNOSTIC},
    },
}


def _diagnostics(audit: Audit) -> list[dict[str, Any]]:
    result = json.loads(render(audit, "zh"))
    jsonschema.validate(result, SCHEMA)
    found: list[dict[str, Any]] = result["diagnostics"]
    return found


def _locations(diagnostic: dict[str, Any]) -> list[dict[str, Any]]:
    return [diagnostic["location"], *(related["location"] for related in diagnostic["related_locations"])]


def test_diagnostics_are_as_before(suppressed: Audit, golden: Callable[[str, str], None]) -> None:
    golden("report.rdjson.json", render(suppressed, "zh"))


def test_columns_count_the_bytes_of_utf_8(audit: Audit) -> None:
    lines = {document.path: document.text.encode().splitlines(keepends=True) for document in audit.documents}
    claims = {claim.id: claim.text for claim in audit.claims}
    by_print = {finding.fingerprint: finding for finding in audit.findings}
    for diagnostic, print in zip(_diagnostics(audit), ("c3f9e4", "77ab02", "5d0c11"), strict=True):
        found = []
        for location in _locations(diagnostic):
            start, end = location["range"]["start"], location["range"]["end"]
            inside = lines[location["path"]][start["line"] - 1 : end["line"]]
            inside[-1] = inside[-1][: end["column"] - 1]
            inside[0] = inside[0][start["column"] - 1 :]
            found.append(b"".join(inside).decode())
        assert found == [claims[id] for id in by_print[print].claims]


def test_a_file_without_lines_has_no_range(placed: Audit) -> None:
    first, *_ = _diagnostics(placed)
    paper, report, hostile = _locations(first)
    assert paper == {"path": "paper.txt"} and list(hostile) == ["path"]
    assert report["range"]["start"]["line"] == 7
    assert first["message"].splitlines()[1] == "A 398亿元 · paper.txt · 第2页第3行"


def test_severities_follow_the_levels_and_the_suppressed_are_left_out(audit: Audit, suppressed: Audit) -> None:
    assert [found["severity"] for found in _diagnostics(audit)] == ["ERROR", "WARNING", "INFO"]
    assert [found["severity"] for found in _diagnostics(suppressed)] == ["ERROR", "INFO"]


def test_without_the_text_a_range_is_of_whole_lines(audit: Audit) -> None:
    for diagnostic in _diagnostics(replace(audit, documents=())):
        for location in _locations(diagnostic):
            assert set(location["range"]["start"]) == set(location["range"]["end"]) == {"line"}

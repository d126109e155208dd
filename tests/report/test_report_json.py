from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import checker.report.json as module
from checker.model import Audit, Claim, Fact, Problem, Rejected, Suppression, changed, field_names
from checker.report.json import claims_jsonl, encode, render

SCHEMA = json.loads(Path(module.__file__).with_name("schema.json").read_text(encoding="utf-8"))


def test_json_is_as_before(audit: Audit, golden: Callable[[str, str], None]) -> None:
    golden("report.json", render(audit, "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_json_fits_its_schema(audit: Audit, suppressed: Audit, lang: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    checker.validate(json.loads(render(audit, lang)))
    checker.validate(json.loads(render(suppressed, lang)))
    checker.validate(json.loads(render(Audit((), (), (), (), ()), lang)))


def test_the_schema_describes_every_field_and_lets_no_other_in() -> None:
    for where, part in _parts(SCHEMA, "schema"):
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, where
            assert sorted(part["required"]) == sorted(part["properties"]), where
        assert part.get("description") or "$ref" in part, where


@pytest.mark.parametrize(
    ("name", "kind"),
    [("claim", Claim), ("fact", Fact), ("rejected", Rejected), ("problem", Problem), ("suppression", Suppression)],
)
def test_the_schema_names_the_fields_of_the_model(name: str, kind: type) -> None:
    assert sorted(SCHEMA["$defs"][name]["properties"]) == sorted(field_names(kind))


def test_the_suppressed_come_last_with_their_reason(suppressed: Audit) -> None:
    found = [finding["suppression"] for finding in json.loads(render(suppressed, "zh"))["findings"]]
    assert found == [None, None, {"kind": "decision", "reason": suppressed.findings[1].suppression.reason}]  # type: ignore[union-attr]


def test_numbers_print_exactly(audit: Audit) -> None:
    claim = changed(audit.claims[0], value=Decimal("123456789012345678901.25"), low=Decimal("1E+3"), high=None)
    line = claims_jsonl([claim])
    assert '"value": 123456789012345678901.25, "low": 1000, "high": null' in line
    assert json.loads(line, parse_float=Decimal)["value"] == claim.value


def test_claims_as_lines(audit: Audit) -> None:
    rows = [json.loads(line) for line in claims_jsonl(audit.claims).splitlines()]
    assert [row["id"] for row in rows] == [claim.id for claim in audit.claims]
    assert rows == json.loads(render(audit, "zh"))["claims"]


def test_hidden_characters_are_escaped_and_come_back(audit: Audit) -> None:
    text = "\x1b\x9b\u202e\u2028\ud800清"
    assert encode(text) == '"\\u001b\\u009b\\u202e\\u2028\\ud800清"'
    assert json.loads(encode(text)) == text
    assert "\x9b" not in render(audit, "zh")


def _parts(part: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    yield where, part
    for group in ("properties", "$defs"):
        for name, inner in part.get(group, {}).items():
            yield from _parts(inner, f"{where}.{name}")
    if "items" in part:
        yield from _parts(part["items"], f"{where}[]")

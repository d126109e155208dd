"""In a check of new documents, findings are put at the figure of a new one, where a reviewer can mend it."""

from __future__ import annotations

import json
from dataclasses import replace

from checker.model import Audit
from checker.report import write

NEW = "report.md"


def test_findings_are_put_at_the_new_document(audit: Audit) -> None:
    checked = replace(audit, new=(NEW,), held=40)
    two = [f for f in audit.findings if {c.split(":")[0] for c in _documents(audit, f.claims)} > {NEW}]
    assert two and all(_documents(audit, f.claims)[0] != NEW for f in two)
    prints = {f.fingerprint for f in two}

    sarif = json.loads(write(checked, "sarif", "en"))["runs"][0]["results"]
    mine = [r for r in sarif if r["partialFingerprints"]["finding/v1"] in prints]
    assert {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in mine} == {NEW}
    for result in mine:
        others = {place["id"]: place for place in result["relatedLocations"]}
        assert all(f"]({number})" in result["message"]["text"] for number in others)
        assert len(others) == len(next(f for f in two if f.fingerprint == _print(result)).claims) - 1

    gitlab = json.loads(write(checked, "gitlab", "en"))
    assert {e["location"]["path"] for e in gitlab if e["fingerprint"] in prints} == {NEW}
    assert f"file={NEW}," in str(write(checked, "github", "en")).splitlines()[1]
    rdjson = json.loads(write(checked, "rdjson", "en"))["diagnostics"]
    assert {d["location"]["path"] for d in rdjson if len(d["related_locations"])} == {NEW}


def _print(result: dict) -> str:  # type: ignore[type-arg]
    return str(result["partialFingerprints"]["finding/v1"])


def _documents(audit: Audit, claims: tuple[str, ...]) -> list[str]:
    by_id = {claim.id: claim for claim in audit.claims}
    return [by_id[id].document for id in claims]


def test_how_many_a_collection_holds_is_said(audit: Audit) -> None:
    checked = replace(audit, new=(NEW,), held=40)
    for format in ("text", "markdown", "html"):
        assert "Checked against a collection of 40 documents." in " ".join(str(write(checked, format, "en")).split())
        assert "与库中40份文件核对" in str(write(checked, format, "zh")).replace("\n", "")

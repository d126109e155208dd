"""Findings as JUnit XML: a suite for each rule, and in it a case for each pair of documents with findings.

A case fails on an error or a warning. A rule that found nothing has one case, which passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

from checker.model import Audit, Claim, Finding
from checker.report.brief import Region, brief, headline, message, regions
from checker.report.plain import visible
from checker.report.view import claims_of, suppression, worst_first
from checker.report.words import say

_FAILING = ("error", "warning")


def render(audit: Audit, lang: str) -> str:
    """The whole as XML; `visible` has taken out every character that XML forbids."""
    by_id, where = {claim.id: claim for claim in audit.claims}, regions(audit, lang)
    cases: dict[str, dict[tuple[str, ...], list[Finding]]] = {rule: {} for rule in audit.rules}
    for finding in worst_first(audit.findings):
        pair = tuple(sorted({by_id[claim].document for claim in finding.claims}))
        cases.setdefault(finding.rule, {}).setdefault(pair, []).append(finding)
    root = ElementTree.Element("testsuites", name="checker")
    _read(root, audit, lang)
    for rule, pairs in sorted(cases.items()):
        suite = ElementTree.SubElement(root, "testsuite", name=visible(rule))
        for pair, findings in sorted(pairs.items()):
            _case(suite, pair, findings, by_id, where, lang)
        if not pairs:
            ElementTree.SubElement(suite, "testcase", classname=visible(rule), name=say(lang, "no_findings"))
    for element in (*root, root):
        _count(element)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _read(root: ElementTree.Element, audit: Audit, lang: str) -> None:
    """A suite of the documents that could not be read."""
    if audit.problems:
        suite = ElementTree.SubElement(root, "testsuite", name=say(lang, "brief.unread"))
    for problem in audit.problems:
        path = visible(problem.path)
        case = ElementTree.SubElement(suite, "testcase", classname=say(lang, "brief.unread"), name=path, file=path)
        ElementTree.SubElement(case, "error", message=visible(problem.reason), type="unreadable")


def _case(
    suite: ElementTree.Element, pair: Iterable[str], findings: list[Finding], by_id: dict[str, Claim],
    where: Mapping[str, Region], lang: str,
) -> None:  # fmt: skip
    """A case with its worst finding in front: failed, passed with something to read, or skipped with the reason."""
    paths = [visible(path) for path in pair]
    case = ElementTree.SubElement(suite, "testcase", classname=suite.attrib["name"], name=" ↔ ".join(paths))
    case.set("file", visible(by_id[findings[0].claims[0]].document))
    failing = [finding for finding in findings if not finding.suppression and finding.level in _FAILING]
    if failing:
        failure = ElementTree.SubElement(case, "failure", message=message(failing[0], lang), type=failing[0].level)
        failure.text = _told(failing, by_id, where, lang)
    elif all(finding.suppression for finding in findings):
        ElementTree.SubElement(case, "skipped", message=suppression(findings[0], lang))
    if others := [finding for finding in findings if finding not in failing]:
        ElementTree.SubElement(case, "system-out").text = _told(others, by_id, where, lang)


def _told(findings: list[Finding], by_id: dict[str, Claim], where: Mapping[str, Region], lang: str) -> str:
    return "\n\n".join(
        "\n".join([headline(finding, lang), *brief(finding, claims_of(finding, by_id), where, lang)])
        for finding in findings
    )


def _count(element: ElementTree.Element) -> None:
    """The numbers of cases inside, which readers show without counting."""
    for name, found in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(1 for _ in element.iter(found))))

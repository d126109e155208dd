"""JUnit XML read back by a reader of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from checker.model import Audit
from checker.report.junit import render


def _suites(audit: Audit, lang: str = "zh") -> dict[str, TestSuite]:
    return {suite.name: suite for suite in JUnitXml.fromstring(render(audit, lang).encode())}


def _cases(suite: TestSuite) -> dict[str, TestCase]:
    cases = {case.name: case for case in suite}
    assert len(cases) == suite.tests
    return cases


def test_junit_is_as_before(suppressed: Audit, golden: Callable[[str, str], None]) -> None:
    golden("report.junit.xml", render(suppressed, "zh"))


def test_a_suite_for_each_rule_and_a_case_for_each_pair(audit: Audit) -> None:
    suites = _suites(replace(audit, problems=()))
    assert sorted(suites) == sorted(audit.rules)
    same = _cases(suites["same-figure"])
    assert sorted(same) == ["evil[red]␛[2J.txt ↔ paper.txt ↔ report.md", "paper.txt ↔ report.md"]
    assert {case.classname for case in same.values()} == {"same-figure"}


def test_errors_and_warnings_fail_and_notes_pass(audit: Audit) -> None:
    suites = _suites(audit)
    (failed, passed) = _cases(suites["same-figure"]).values()
    (failure,) = failed.result
    assert isinstance(failure, Failure) and failure.type == "error"
    assert failure.message == "2020年地区生产总值：398亿元与412.6亿元"
    assert "B 412.6亿元 · report.md:7" in failure.text
    assert passed.is_passed and "7.1%与6.9%" in passed.system_out
    (warned,) = _cases(suites["multiple-of-base-year"]).values()
    assert [result.type for result in warned.result] == ["warning"]


def test_a_rule_that_found_nothing_passes(audit: Audit) -> None:
    (case,) = _suites(audit, "en")["parts-add-up"]
    assert case.is_passed and case.name == "No differences found between the figures stated."


def test_the_suppressed_are_skipped_with_their_reason(suppressed: Audit) -> None:
    (case,) = _suites(suppressed)["multiple-of-base-year"]
    (skipped,) = case.result
    assert isinstance(skipped, Skipped)
    assert skipped.message == "复核结论：已核：<b>x</b>|`@all`␛[2J ::error::]]>"


def test_a_document_that_could_not_be_read_is_an_error(audit: Audit) -> None:
    (case,) = _suites(audit, "en")["Documents that could not be read"]
    (error,) = case.result
    assert isinstance(error, Error) and (case.name, error.message) == ("scan.pdf␇", "not text")


def test_the_numbers_are_those_of_the_cases(suppressed: Audit) -> None:
    whole = JUnitXml.fromstring(render(suppressed, "zh").encode())
    said = (whole.tests, whole.failures, whole.errors, whole.skipped)
    assert said == (6, 1, 1, 1)
    whole.update_statistics()
    assert (whole.tests, whole.failures, whole.errors, whole.skipped) == said


def test_nothing_that_xml_forbids_is_written(audit: Audit) -> None:
    hostile = {"zh": "\x00\x0b\x1f\ufffe\ud800]]><failure/>&amp;"}
    findings = tuple(replace(finding, message=hostile, rule="<r\x01>") for finding in audit.findings)
    root = ElementTree.fromstring(render(replace(audit, findings=findings), "zh").encode())
    assert len(root.findall(".//failure")) == 2
    assert root.find(".//failure").get("message") == "␀␋␟��]]><failure/>&amp;"  # type: ignore[union-attr]

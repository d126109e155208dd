"""The tests that rules carry: small documents, and what the rule finds in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.check.rules import Expected, Rule, RuleTest
from checker.model import Audit, Claim, Finding

if TYPE_CHECKING:
    import pandas as pd

Auditor = Callable[[Mapping[str, dict[str, str]]], Audit]
# The aligned claims of an audit, as rules see them.
Aligner = Callable[[Audit], "pd.DataFrame"]


@dataclass(frozen=True, slots=True)
class Failure:
    """A test of a rule that did not come out as it says; test is empty where the rule lacks one.

    `because` says which conditions of the rule it failed by, where that was asked for.
    """

    rule: str
    test: str
    reason: str
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.rule}: {self.test}: {self.reason}" if self.test else f"{self.rule}: {self.reason}"


def run_tests(rules: Iterable[Rule], audit: Auditor, aligned: Aligner | None = None) -> list[Failure]:
    """Run the tests that rules carry; what failed, and which rule has no test that fires or none that stays silent.

    `audit` is handed documents (file name -> text, and date, place, title where given) and returns their Audit; only
    the findings of the rule under test count. With `aligned` each failure says which condition failed.
    """
    failures = []
    for rule in rules:
        failures += lacking(rule)
        for test in rule.tests:
            failures += run_test(rule, test, audit, aligned)
    return failures


def lacking(rule: Rule) -> list[Failure]:
    """Whether a rule has a test that fires and one that stays silent."""
    failures = []
    if not any(test.finds for test in rule.tests):
        failures.append(Failure(rule.id, "", "no test in which it finds something"))
    if all(test.finds for test in rule.tests):
        failures.append(Failure(rule.id, "", "no test in which it stays silent"))
    return failures


def rule_examples(rule: Rule) -> tuple[RuleTest | None, RuleTest | None]:
    """The first test of a rule that finds something and the first that does not, None where it has none."""
    firing = next((test for test in rule.tests if test.finds), None)
    return firing, next((test for test in rule.tests if not test.finds), None)


def run_test(rule: Rule, test: RuleTest, audit: Auditor, aligned: Aligner | None = None) -> list[Failure]:
    """What is wrong with the outcome of one test; nothing when it passes."""
    from checker.check.diagnosis import diagnose  # numpy and pandas only when there is something to do

    result = audit(test.documents)

    def failure(reason: str, because: Iterable[str] = ()) -> Failure:
        return Failure(rule.id, test.name, reason, tuple(because) if aligned else ())

    claims = {claim.id: claim for claim in result.claims}
    # What a rule finds is tested, not how sure of it one may be.
    found = [one for finding in (*result.findings, *result.suspected) for one in (finding, *finding.also)]
    left = [finding for finding in found if finding.rule == rule.id]
    failures = [failure(f"{problem.path} could not be read: {problem.reason}") for problem in result.problems]
    for expected in test.finds:
        fitting = next((finding for finding in left if _binds(finding, expected, claims)), None)
        if fitting is None:
            reason = f"nothing found over {', '.join(expected.numbers)}"
            failures.append(failure(reason, diagnose(rule, expected.numbers, aligned(result)) if aligned else ()))
            continue
        left.remove(fitting)
        for name, got in (("level", fitting.severity), ("verdict", fitting.verdict)):
            wanted = getattr(expected, name)
            if wanted and wanted != got:
                causes = [one for one in fitting.explanations if one.found]
                because = [f"{one.id} is found: {one.text or 'its test holds'}" for one in causes]
                reason = f"{', '.join(expected.numbers)}: {name} is {got}, not {wanted}"
                failures.append(failure(reason, because or ["no cause of explained_by is found"]))
        corrected = [hypothesis.corrected for hypothesis in fitting.hypotheses]
        if expected.hypothesis and expected.hypothesis not in corrected:
            named = ", ".join(corrected) or "nothing"
            failures.append(failure(f"{', '.join(expected.numbers)}: names {named}, not {expected.hypothesis}"))
    for finding in left:
        reason = f"finds {_numbers(finding, claims)} as well: {finding.message['en']}"
        failures.append(failure(reason, [f"every condition is met, and {finding.formula}"]))
    return failures


def _binds(finding: Finding, expected: Expected, claims: Mapping[str, Claim]) -> bool:
    """Whether the finding binds a claim for each quantity that is expected."""
    bound = [claims[id] for id in finding.claims]
    for number in map(_plain, expected.numbers):
        fitting = next((claim for claim in bound if number in (_plain(claim.text), _plain(claim.number))), None)
        if fitting is None:
            return False
        bound.remove(fitting)
    return True


def _numbers(finding: Finding, claims: Mapping[str, Claim]) -> str:
    return ", ".join(claims[id].text for id in finding.claims)


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)

"""Decisions in a later run: what is settled is suppressed, and what has changed since opens again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checker.check import Rule
from checker.decisions.events import Event
from checker.decisions.sight import changes
from checker.decisions.state import states
from checker.decisions.verdicts import word
from checker.model import Audit, Finding, Suppression
from checker.report.plain import one_line
from checker.report.words import say


@dataclass(frozen=True, slots=True)
class Applied:
    """An audit with its settled findings suppressed, and those that open again, each with what has changed."""

    audit: Audit
    reopened: tuple[tuple[Finding, tuple[str, ...]], ...]


def apply(audit: Audit, rules: Sequence[Rule], events: Iterable[Event], lang: str = "zh") -> Applied:
    """Suppress the findings that people have settled, with the verdict as the reason in words of this language.

    `rules` are those that the audit ran. A finding that is suppressed already stays as it is.
    """
    known = states(events)
    claims = {claim.id: claim for claim in audit.claims}
    by_id = {rule.id: rule for rule in rules}
    findings, reopened = [], []
    for finding in audit.findings:
        found = known.get(finding.fingerprint)
        if found and found.settled and found.verdict and found.verdict.sight and not finding.suppression:
            changed = changes(found.verdict.sight, finding, claims, by_id[finding.rule])
            if changed:
                reopened.append((finding, changed))
            else:
                finding = replace(finding, suppression=Suppression("decision", _reason(found.verdict, lang)))
        findings.append(finding)
    return Applied(replace(audit, findings=tuple(findings)), tuple(reopened))


def _reason(verdict: Event, lang: str) -> str:
    """The verdict, who gave it, and why: 四舍五入（张三）：…"""
    why = [one_line(text) for text in (verdict.reason, verdict.note) if text]
    given = {"verdict": word(verdict.to, lang), "who": verdict.who}
    if not why:
        return say(lang, "decision", **given)
    return say(lang, "decision.why", **given, why=say(lang, "decision.between").join(why))

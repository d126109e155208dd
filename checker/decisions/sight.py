"""A finding as people see it when they decide, and what of that has changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePath

from checker.check import Rule
from checker.check.expression import canonical
from checker.decisions.events import Quote, Sight
from checker.model import Claim, Document, Finding
from checker.report.plain import printed, tidy

# How much stands around a quote, in characters.
AROUND = 32


def sight(
    finding: Finding, claims: Mapping[str, Claim], documents: Mapping[str, Document], rules: Mapping[str, Rule]
) -> Sight:
    """A finding as it stands now; claims go by id, documents by path, rules by id."""
    found = [claims[id] for id in finding.claims]
    return Sight(
        rule=finding.rule,
        meaning=meaning(rules[finding.rule]),
        metric=finding.metric,
        place=finding.place,
        period_start=finding.period_start,
        period_end=finding.period_end,
        quotes=tuple(_quote(claim, documents[claim.document]) for claim in found),
    )


def meaning(rule: Rule) -> str:
    """A digest of what must hold between which claims, however it is worded and whatever would explain it."""
    parts = [
        [(one.name, [(field, sorted(map(str, values))) for field, values in one.selector], one.many, one.by)
         for one in rule.variables],
        sorted(rule.same),
        rule.documents,
        sorted(canonical(test, {}) for test in rule.where),
        canonical(rule.holds, {}),
        canonical(rule.unless, {}) if rule.unless else "",
        sorted(rule.only_with),
        # Where only a slip is looked for, those that the rule names are part of what it finds.
        [(one.id, one.variable, canonical(one.were, {})) for one in rule.hypotheses if rule.only_with],
    ]  # fmt: skip
    return _digest(json.dumps(parts))


def changes(then: Sight, finding: Finding, claims: Mapping[str, Claim], rule: Rule) -> tuple[str, ...]:
    """What of a finding has changed since it was seen: `figure`, `rule`, `passage`.

    A passage whose figures have changed is not named beside them. Which side is A depends on the names of the files,
    which may change.
    """
    now = [claims[id] for id in finding.claims]
    found = []
    if sorted(quote.printed for quote in then.quotes) != sorted(map(printed, now)):
        found.append("figure")
    if then.meaning != meaning(rule):
        found.append("rule")
    if "figure" not in found and sorted((quote.printed, quote.passage) for quote in then.quotes) != sorted(
        (printed(claim), _passage(claim)) for claim in now
    ):
        found.append("passage")
    return tuple(found)


def _quote(claim: Claim, document: Document) -> Quote:
    text = document.text
    return Quote(
        document=PurePath(claim.document).as_posix(),
        title=document.title,
        digest=document.digest,
        printed=printed(claim),
        start=claim.start,
        end=claim.end,
        exact=text[claim.start : claim.end],
        prefix=text[max(0, claim.start - AROUND) : claim.start],
        suffix=text[claim.end : claim.end + AROUND],
        passage=_passage(claim),
    )


def _passage(claim: Claim) -> str:
    return _digest(tidy(claim.sentence))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""An audit as the pages of the desk ask for it: findings by number, claims by document, facts by metric."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from checker.check import Rule
from checker.collection import with_texts
from checker.errors import BadCollection
from checker.model import Audit, Claim, Document, Fact, Finding, Rejected
from checker.report.view import Group, claims_of, grouped

# Gives a document with its text, by its path.
Texts = Callable[[str], Document]
# So many documents of a collection are kept at hand.
AT_HAND = 64


@dataclass(frozen=True, slots=True)
class Material:
    """What is under review. Findings are counted from 0, worst first within groups about one fact.

    numbers    of findings, by fingerprint; `group_of` and `members` lead from a finding to those of its fact
    bound      the findings that bind a claim, by its id
    fact_of    the fact that a claim states, by its id
    series     the facts about one metric of one place and scope, by time
    documents  in order, without their texts where a collection holds those; `positions` are their numbers by path
    within     the claims of a document in the order of its text, by its path; so `rejected`
    """

    findings: tuple[Finding, ...]
    groups: tuple[Group, ...]
    group_of: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]
    numbers: Mapping[str, int]
    claims: Mapping[str, Claim]
    bound: Mapping[str, Sequence[int]]
    facts: Mapping[str, Fact]
    fact_of: Mapping[str, Fact]
    series: Mapping[object, Sequence[Fact]]
    documents: tuple[Document, ...]
    positions: Mapping[str, int]
    within: Mapping[str, Sequence[Claim]]
    rejected: Mapping[str, Sequence[Rejected]]
    rules: Mapping[str, Rule]
    text: Texts

    def claims_of(self, finding: Finding) -> list[Claim]:
        """The claims that a finding binds, in its order."""
        return claims_of(finding, self.claims)

    def texts(self, claims: Sequence[Claim]) -> dict[str, Document]:
        """The documents that claims stand in, with their texts, by path."""
        return {path: self.text(path) for path in dict.fromkeys(claim.document for claim in claims)}


def material(audit: Audit, rules: Sequence[Rule], text: Texts | None = None) -> Material:
    """What an audit found, ready to be asked for; `text` gives its documents where it holds them without their text."""
    groups = tuple(grouped(audit))
    claims = {claim.id: claim for claim in audit.claims}
    findings = tuple(finding for group in groups for finding in group.findings)
    group_of = tuple(number for number, group in enumerate(groups) for _ in group.findings)
    members: list[list[int]] = [[] for _ in groups]
    for number, group_number in enumerate(group_of):
        members[group_number].append(number)
    bound: dict[str, list[int]] = {}
    for number, finding in enumerate(findings):
        for id in dict.fromkeys(finding.claims):
            bound.setdefault(id, []).append(number)
    fact_of = {id: fact for fact in audit.facts for id in fact.claims}
    by_path = {document.path: document for document in audit.documents}
    within: dict[str, list[Claim]] = {path: [] for path in by_path}
    for claim in sorted(audit.claims, key=lambda claim: (claim.document, claim.start, -claim.end)):
        within[claim.document].append(claim)
    rejected: dict[str, list[Rejected]] = {path: [] for path in by_path}
    for number_seen in audit.rejected:
        rejected[number_seen.document].append(number_seen)
    series: dict[object, list[Fact]] = {}
    for fact in sorted(audit.facts, key=lambda fact: (fact.period_end or "", fact.period_start or "", fact.id)):
        series.setdefault(series_of(fact), []).append(fact)
    return Material(
        findings=findings,
        groups=groups,
        group_of=group_of,
        members=tuple(map(tuple, members)),
        numbers={finding.fingerprint: number for number, finding in enumerate(findings)},
        claims=claims,
        bound=bound,
        facts={fact.id: fact for fact in audit.facts},
        fact_of=fact_of,
        series=series,
        documents=audit.documents,
        positions={path: number for number, path in enumerate(by_path)},
        within=within,
        rejected=rejected,
        rules={rule.id: rule for rule in rules},
        text=text or by_path.__getitem__,
    )


def held_texts(collection: Path, documents: Sequence[Document]) -> Texts:
    """The texts of audited documents that a collection holds, read as they are asked for.

    What is given raises BadCollection where a document has been read again since: its figures stand elsewhere now.
    """
    digests = {document.path: document.digest for document in documents}

    @lru_cache(AT_HAND)
    def text(path: str) -> Document:
        (document,) = with_texts(collection, [path])
        if document.digest != digests[path]:
            raise BadCollection(f"{path} was read again after the desk was opened; open it again", str(collection))
        return document

    return text


def series_of(fact: Fact) -> object:
    """What facts have in common that tell of one metric over time."""
    return fact.concept or fact.metric, fact.attribute, fact.unit, fact.place, fact.scope


def fact_about(material: Material, finding: Finding) -> Fact | None:
    """The fact to show beside a finding: that of its metric and period, else that of its first claim."""
    facts = [material.fact_of[id] for id in finding.claims if id in material.fact_of]
    wanted = (finding.metric, finding.period_start, finding.period_end)
    about = [fact for fact in facts if (fact.metric, fact.period_start, fact.period_end) == wanted]
    return next(iter([*about, *facts]), None)

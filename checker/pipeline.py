"""The stages in their order: read, extract, align, check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from checker.align import Alignment, align
from checker.check import Rule, check, load_rules
from checker.extract import extract
from checker.model import Audit, Claim, Document, Finding, Problem, Rejected
from checker.read import read
from checker.vocabulary import rules_dir

# Told of each document done: how many are done, and how many there are.
Progress = Callable[[int, int], None]


def audit(
    paths: Iterable[str | PathLike[str]],
    manifest: str | PathLike[str] | None = None,
    rules: Sequence[Rule] | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Read files and folders, extract their claims, align them, and check them against the rules.

    `manifest` names a YAML file that gives documents their title, date and place; without one a manifest.yaml beside
    the documents is used. `rules` are the shipped ones unless given. A document that cannot be read becomes a problem
    of the result. Raises BadData where a manifest, rule or vocabulary file is at fault.
    """
    documents, problems = read([Path(path) for path in paths], Path(manifest) if manifest else None)
    return audit_documents(documents, problems, rules, progress)


def audit_documents(
    documents: Sequence[Document],
    problems: Sequence[Problem] = (),
    rules: Sequence[Rule] | None = None,
    progress: Progress | None = None,
) -> Audit:
    """The same for documents already read."""
    rules = load_rules([rules_dir()]) if rules is None else rules
    documents = sorted(documents, key=lambda document: document.path)
    claims: list[Claim] = []
    rejected: list[Rejected] = []
    for done, document in enumerate(documents, 1):
        found, refused = extract(document)
        claims += found
        rejected += refused
        if progress:
            progress(done, len(documents))
    alignment = align(claims, documents)
    findings = check(alignment.table, rules)
    return Audit(
        documents=tuple(documents),
        claims=tuple(claims),
        rejected=tuple(rejected),
        facts=alignment.facts,
        findings=tuple(_with_evidence(finding, alignment) for finding in findings),
        problems=tuple(problems),
        rules=tuple(rule.id for rule in rules),
    )


def _with_evidence(finding: Finding, alignment: Alignment) -> Finding:
    """A finding that compares two figures shows why they were taken for figures of one thing."""
    if finding.difference is None:
        return finding
    return replace(finding, matches=(alignment.match(finding.claims[0], finding.claims[1]),))

"""The stages in their order: read, extract, align, check; for all documents, or for new ones against a collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from checker.align import Alignment, align
from checker.check import Rule, check, load_rules, merge, weigh, within_place
from checker.collection import load, size, with_texts
from checker.extract import extract
from checker.extract.language import zh
from checker.model import SUSPECTED, Audit, Claim, Document, Finding, Problem, Rejected
from checker.read import Tell, holds_documents, read, untold
from checker.sqlitefile import is_sqlite
from checker.vocabulary import Vocabulary, rules_dir

# Told of each document done: how many are done, and how many there are.
Progress = Callable[[int, int], None]


def audit(
    paths: Iterable[str | PathLike[str]],
    manifest: str | PathLike[str] | None = None,
    rules: Sequence[Rule] | None = None,
    progress: Progress | None = None,
    exclude: Sequence[str] = (),
    tell: Tell = untold,
    confidence: Mapping[str, float] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Audit:
    """Read files and folders, extract their claims, align them, and check them against the rules.

    `manifest` names a YAML file that gives documents their title, date and place; without one a manifest.yaml beside
    the documents is used. `rules` are the shipped ones unless given. A document that cannot be read becomes a problem
    of the result. Files and folders within folders that match a pattern of `exclude` are left out, and `tell` is told
    what else was passed over. `confidence` says from which confidence on a finding is an error, a warning or a note.
    `vocabulary` is the shipped one unless given; load_vocabulary adds the words of a project to that. Raises BadData
    where a manifest, rule or vocabulary file is at fault.
    """
    documents, problems = read([Path(path) for path in paths], Path(manifest) if manifest else None, exclude, tell)
    return audit_documents(documents, problems, rules, progress, confidence, vocabulary)


def audit_documents(
    documents: Sequence[Document],
    problems: Sequence[Problem] = (),
    rules: Sequence[Rule] | None = None,
    progress: Progress | None = None,
    confidence: Mapping[str, float] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Audit:
    """The same for documents already read."""
    documents = sorted(documents, key=lambda document: document.path)
    claims, rejected = _extracted(documents, progress, vocabulary)
    return _audited(documents, claims, rejected, problems, rules, confidence, vocabulary)


def audit_collection(
    collection: str | PathLike[str],
    rules: Sequence[Rule] | None = None,
    confidence: Mapping[str, float] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Audit:
    """What `audit` over all documents of a collection finds; the documents come without their texts.

    Raises BadCollection where there is no collection to be read, or another vocabulary read it.
    """
    return _audited(*load(Path(collection), vocabulary=vocabulary), [], [], rules, confidence, vocabulary)


def _audited(
    documents: Sequence[Document],
    claims: Sequence[Claim],
    rejected: Sequence[Rejected],
    problems: Sequence[Problem],
    rules: Sequence[Rule] | None,
    confidence: Mapping[str, float] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Audit:
    rules = load_rules([rules_dir()], vocabulary) if rules is None else rules
    alignment = align(claims, documents, vocabulary)
    findings, suspected = _weighed(check(alignment.table, rules, None, vocabulary), alignment, documents, confidence)
    return Audit(
        documents=tuple(documents),
        claims=tuple(claims),
        rejected=tuple(rejected),
        facts=alignment.facts,
        findings=findings,
        problems=tuple(problems),
        rules=tuple(rule.id for rule in rules),
        suspected=suspected,
    )


def check_against(
    collection: str | PathLike[str],
    paths: Iterable[str | PathLike[str]],
    manifest: str | PathLike[str] | None = None,
    rules: Sequence[Rule] | None = None,
    progress: Progress | None = None,
    exclude: Sequence[str] = (),
    tell: Tell = untold,
    confidence: Mapping[str, float] | None = None,
    vocabulary: Vocabulary | None = None,
) -> Audit:
    """Check new documents against what a collection holds: what `audit` over all of them finds that binds a new one.

    A new document takes the place of one that the collection holds under its path or with its text. Only the places
    of the new documents are looked up, unless a rule relates figures of several. Instead of a collection there may be
    a document, such as a table of a yearbook, or a folder of documents: where one says of no place and the new ones
    are all of one, it is taken to be of that. Raises BadData, and BadCollection where there is nothing of the kind.
    """
    rules = load_rules([rules_dir()], vocabulary) if rules is None else rules
    collection = Path(collection)
    documents, problems = read([Path(path) for path in paths], Path(manifest) if manifest else None, exclude, tell)
    claims, rejected = _extracted(documents, progress, vocabulary)
    places = _places(documents, claims) if all(map(within_place, rules)) else None
    if holds_documents(collection) and not is_sqlite(collection):
        references, unread = _references(collection, documents, manifest, exclude)
        problems = sorted({*problems, *unread}, key=lambda problem: problem.path)
        loaded = references, _extracted(references, None, vocabulary)[0]
    else:
        references, loaded = [], load(collection, places, vocabulary)
    others, held = _besides(documents, *loaded)
    theirs = _places(others, held)
    together = sorted([*documents, *others], key=lambda document: document.path)
    everything = sorted([*claims, *held], key=lambda claim: (claim.document, claim.order))
    alignment = align(everything, together, vocabulary)
    new = {document.path for document in documents}
    stated = {claim.id for claim in claims}
    found = check(alignment.table, rules, stated, vocabulary)
    findings, suspected = _weighed(found, alignment, together, confidence)
    facts = [fact for fact in alignment.facts if any(alignment.claims[id].document in new for id in fact.claims)]
    told = {id for finding in (*findings, *suspected) for id in finding.claims} | {
        id for fact in facts for id in fact.claims
    }
    bound = {alignment.claims[id].document for finding in (*findings, *suspected) for id in finding.claims} - new
    texts = [one for one in references if one.path in bound] if references else with_texts(collection, bound)
    shown = [*documents, *texts]
    return Audit(
        documents=tuple(sorted(shown, key=lambda document: document.path)),
        claims=tuple(claim for claim in everything if claim.document in new or claim.id in told),
        rejected=tuple(rejected),
        facts=tuple(facts),
        findings=findings,
        problems=tuple(problems),
        rules=tuple(rule.id for rule in rules),
        new=tuple(sorted(new)),
        held=len(references) or size(collection),
        alone=tuple(document.path for document in documents if document.place not in theirs),
        suspected=suspected,
    )


def _references(
    path: Path, documents: Sequence[Document], manifest: str | PathLike[str] | None, exclude: Sequence[str]
) -> tuple[list[Document], list[Problem]]:
    """Documents that others are held against; one of no place is taken to be of the one that all the others are of."""
    found, problems = read([path], Path(manifest) if manifest else None, exclude)
    place = {document.place for document in documents}
    if len(place) == 1:
        found = [one if one.place or one.organisation else replace(one, place=next(iter(place))) for one in found]
    return found, problems


def _places(documents: Sequence[Document], claims: Sequence[Claim]) -> set[str]:
    """The places that documents and their claims speak of."""
    return {document.place for document in documents} | {claim.place for claim in claims}


def _besides(
    documents: Sequence[Document], held: Sequence[Document], claims: Sequence[Claim]
) -> tuple[list[Document], list[Claim]]:
    """What a collection holds besides the new documents."""
    paths, digests = {document.path for document in documents}, {document.digest for document in documents}
    others = [document for document in held if document.path not in paths and document.digest not in digests]
    kept = {document.path for document in others}
    return others, [claim for claim in claims if claim.document in kept]


def _extracted(
    documents: Sequence[Document], progress: Progress | None, vocabulary: Vocabulary | None
) -> tuple[list[Claim], list[Rejected]]:
    claims: list[Claim] = []
    rejected: list[Rejected] = []
    language = zh(vocabulary)
    for done, document in enumerate(documents, 1):
        found, refused = extract(document, language)
        claims += found
        rejected += refused
        if progress:
            progress(done, len(documents))
    return claims, rejected


def one_a_cause(audit: Audit) -> Audit:
    """An audit with its findings of one cause inside the surest of them; suppressed ones stay by themselves."""
    claims = {claim.id: claim for claim in audit.claims}
    still = [finding for finding in audit.findings if not finding.suppression]
    settled = [finding for finding in audit.findings if finding.suppression]
    titles = {document.path: document.title for document in audit.documents}
    return replace(audit, findings=(*merge(still, audit.facts, claims, titles), *settled))


def _weighed(
    found: Iterable[Finding],
    alignment: Alignment,
    documents: Sequence[Document],
    confidence: Mapping[str, float] | None,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings with their evidence, confidence and level; those that are too unsure apart."""
    facts = {id: fact.id for fact in alignment.facts for id in fact.claims}
    shown_why = [_with_evidence(finding, alignment, facts) for finding in found]
    rated = weigh(shown_why, alignment.claims, documents, confidence, alignment.vocabulary)
    shown = tuple(finding for finding in rated if finding.level != SUSPECTED)
    return shown, tuple(finding for finding in rated if finding.level == SUSPECTED)


def _with_evidence(finding: Finding, alignment: Alignment, facts: Mapping[str, str]) -> Finding:
    """A finding that compares two figures shows why they were taken for figures of one thing.

    Where they count as one fact and are that only possibly it is no error.
    """
    if finding.difference is None:
        return finding
    left, right = finding.claims[:2]
    match = alignment.match(left, right)
    doubted = match.outcome == "possible" and facts[left] == facts[right]
    level = "warning" if doubted and finding.severity == "error" else finding.severity
    return replace(finding, level=level, severity=level, matches=(match,))

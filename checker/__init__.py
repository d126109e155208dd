"""Find the figures that reports state differently.

    from checker import audit

    result = audit(["seeds/"])
    for finding in result.findings:
        print(finding.level, finding.message["zh"])

audit(paths, manifest=None) -> Audit        read, extract, align and check documents
check_against(collection, paths) -> Audit   check new documents against a collection
extract_claims(document) -> (claims, rejected)   the figures of one document
parse(text, path) -> Document               a document from a text at hand
load_rules(folders) -> [Rule]               rules to hand to audit
load_vocabulary(paths) -> Vocabulary        words of a project to hand to audit
model                                       the classes of all results
CheckerError                                what goes wrong, with path and line
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from checker.errors import BadCollection, BadData, BadSetting, CheckerError, UnreadableDocument

if TYPE_CHECKING:
    from checker import model
    from checker.check import load_rules
    from checker.extract import extract as extract_claims
    from checker.extract.own import load_vocabulary
    from checker.pipeline import audit, check_against
    from checker.read import parse

__version__ = "0.1.0"
__all__ = [
    "BadCollection",
    "BadData",
    "BadSetting",
    "CheckerError",
    "UnreadableDocument",
    "audit",
    "check_against",
    "extract_claims",
    "load_rules",
    "load_vocabulary",
    "model",
    "parse",
]

# Imported when first used: pandas takes longer to load than `checker --help` may take to answer.
_HOMES = {
    "audit": ("checker.pipeline", "audit"),
    "check_against": ("checker.pipeline", "check_against"),
    "extract_claims": ("checker.extract", "extract"),
    "load_rules": ("checker.check", "load_rules"),
    "load_vocabulary": ("checker.extract.own", "load_vocabulary"),
    "parse": ("checker.read", "parse"),
}


def __getattr__(name: str) -> Any:
    if name == "model":
        return import_module("checker.model")
    if name in _HOMES:
        home, attribute = _HOMES[name]
        return getattr(import_module(home), attribute)
    raise AttributeError(f"module 'checker' has no attribute {name!r}")

"""Every pattern of rules/vocabulary/documents.yaml reads its examples, and not those that it must not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from checker.read.wording import compiled, data


def patterns(node: Any, name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entry that has a pattern, with the keys that lead to it."""
    if isinstance(node, dict) and isinstance(node.get("pattern"), str):
        yield name, node
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from patterns(inner, f"{name}.{key}")
    elif isinstance(node, list):
        for i, inner in enumerate(node):
            tag = (inner.get("kind") or inner.get("how") or inner.get("covers")) if isinstance(inner, dict) else ""
            yield from patterns(inner, f"{name}.{i}-{tag}")


PATTERNS = dict(patterns(data()))


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_reads_its_examples(name: str) -> None:
    entry = PATTERNS[name]
    pattern = compiled(entry["pattern"])
    assert [text for text in map(str, entry["reads"]) if not pattern.search(text)] == []
    assert [text for text in map(str, entry["not"]) if pattern.search(text)] == []

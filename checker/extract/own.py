"""The vocabulary of a project: the shipped one with what its own files add, and their examples read with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from checker.extract.language import Language, zh
from checker.extract.quantities import scan
from checker.vocabulary import Vocabulary, with_own
from checker.yamlfile import DataPath, bad


def load_vocabulary(paths: Iterable[str | PathLike[str]]) -> Vocabulary:
    """The shipped vocabulary with what files, and the YAML files of folders, add to it.

    Raises BadData with path and line where one is at fault: where it says otherwise than the shipped vocabulary or a
    file before it, or an example is not read as it says; and BadSetting where a path leads nowhere.
    """
    vocabulary = with_own(map(Path, paths))
    language = zh(vocabulary)
    for path, data in vocabulary.own:
        for i, entry in enumerate(data.get("metrics", ())):
            _try(path, ("metrics", i), entry, entry["id"], lambda name: {language.metrics.concept_of(name)})
        for unit, entry in data.get("units", {}).items():
            _try(path, ("units", unit), entry, unit, lambda text: _units(text, language))
    return vocabulary


def _try(path: Path, at: DataPath, entry: Mapping[str, Any], name: str, read: Callable[[str], set[str | None]]) -> None:
    """Whether what an entry `reads` is read as it, and what it must `not` is not."""
    for part, expected in (("reads", True), ("not", False)):
        for i, example in enumerate(entry.get(part, ())):
            if (name in read(example)) != expected:
                raise bad(path, (*at, part, i), f"{example!r} is {'not ' if expected else ''}read as {name!r}")


def _units(text: str, language: Language) -> set[str | None]:
    return {token.unit for token in scan(text, language.quantities) if not token.reason}

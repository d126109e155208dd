"""The words of the domain, read from rules/vocabulary/*.yaml: data that a domain expert edits, shared by all stages.

A project adds names of indicators, contrasts, units and weights of confidence in files of its own, in the same format.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from checker.errors import BadSetting
from checker.yamlfile import DataPath, bad, load

_KIND = re.compile(r"\{([a-z_]+)\}")
# The files of the vocabulary that a project may add to, and what of them.
_OWN = {"metrics": ("metrics",), "contrasts": ("contrasts", "markers"), "units": ("units",)}
# A project's file of this name holds weights of findings instead of words.
CONFIDENCE = "confidence"
_ENDINGS = (".yaml", ".yml")


def rules_dir() -> Path:
    """The folder of the shipped rules: inside the installed package, or at the top of a checkout."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


@cache
def words(name: str) -> dict[str, Any]:
    """The shipped vocabulary file of this name, validated by the schema beside it."""
    folder = rules_dir() / "vocabulary"
    data: dict[str, Any] = load(folder / f"{name}.yaml", _schema_of(name))
    return data


def _schema_of(name: str) -> Path:
    return rules_dir() / "vocabulary" / "schemas" / f"{name}.json"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What a run reads and judges by.

    files        the files that a project may add to, by name, with what it adds
    fingerprint  tells vocabularies apart that may read other claims off one text; empty for the shipped one
    own          what the files of the project say
    """

    files: Mapping[str, Mapping[str, Any]]
    fingerprint: str = ""
    own: tuple[tuple[Path, Mapping[str, Any]], ...] = ()

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return self.files[name]


@cache
def shipped() -> Vocabulary:
    """The vocabulary without what a project adds."""
    return Vocabulary({name: words(name) for name in (*_OWN, CONFIDENCE)})


def with_own(paths: Iterable[Path]) -> Vocabulary:
    """The shipped vocabulary with what files, and the YAML files of folders, add to it; examples are not checked.

    Raises BadData with path and line where one is at fault, or says otherwise than the shipped vocabulary or a file
    before it, and BadSetting where a path leads nowhere.
    """
    merged = _Merged()
    for path in chain.from_iterable(map(_files, paths)):
        if path.stem == CONFIDENCE:
            merged.weigh(load(path, _schema_of(CONFIDENCE)))
        else:
            merged.add(path, load(path, _own_schema()))
    return merged.vocabulary()


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in _ENDINGS and not file.name.startswith("."))
    if not path.is_file():
        raise BadSetting("no such file or folder of vocabulary", str(path))
    return [path]


@cache
def _own_schema() -> dict[str, Any]:
    """That of a project's file: parts of the shipped files, each optional; of what is known only the name is needed."""
    schemas = {name: load(_schema_of(name)) for name in _OWN}
    parts = {part: schemas[name]["properties"][part] for name, of in _OWN.items() for part in of}
    for entry in (parts["metrics"]["items"], parts["units"]["additionalProperties"]):
        entry["required"] = [key for key in entry["required"] if key == "id"]
    defs = {key: value for schema in schemas.values() for key, value in schema["$defs"].items()}
    return {"type": "object", "additionalProperties": False, "properties": parts, "$defs": defs, "minProperties": 1}


class _Merged:
    """The shipped vocabulary with one project file after another."""

    def __init__(self) -> None:
        given = shipped()
        units = given["units"]
        self.metrics = {entry["id"]: dict(entry) for entry in given["metrics"]["metrics"]}
        self.units = {unit: dict(entry) for unit, entry in units["units"].items()}
        self.contrasts, self.markers = list(given["contrasts"]["contrasts"]), list(given["contrasts"]["markers"])
        self.confidence = given[CONFIDENCE]
        self.own: list[tuple[Path, Mapping[str, Any]]] = []
        # What each name stands for.
        self.concepts = {name: id for id, entry in self.metrics.items() for name in _names(id, entry)}
        self.spellings = {word: word for of in (units["counters"], *units["names"].values()) for word in of}
        self.spellings |= {name: unit for unit, entry in self.units.items() for name in _names(unit, entry)}

    def add(self, path: Path, data: Mapping[str, Any]) -> None:
        self.own.append((path, data))
        for unit, entry in data.get("units", {}).items():
            self._unit(path, unit, entry)
        metrics = data.get("metrics", ())
        for i, entry in enumerate(metrics):
            self._metric(path, ("metrics", i), entry)
        for i, entry in enumerate(metrics):
            self._refers(path, ("metrics", i), entry)
        for i, group in enumerate(data.get("contrasts", ())):
            self._contrast(path, i, group)
        self.markers += [word for word in data.get("markers", ()) if word not in self.markers]

    def _metric(self, path: Path, at: DataPath, entry: Mapping[str, Any]) -> None:
        id = entry["id"]
        _claim(self.concepts, id, entry, path, at)
        if id not in self.metrics and "kind" not in entry:
            raise bad(path, at, f"{id!r} is no indicator that is known, and a new one needs a kind")
        known = self.metrics.setdefault(id, {})
        for part, said in entry.items():
            # Its weight is a matter of taste, that contradicts nothing.
            if part not in ("aliases", "weight") and known.get(part, said) != said:
                raise bad(path, (*at, part), f"{part} of {id!r} is {known[part]!r} already")
        known |= {**entry, **_joined(known, entry, "aliases")}

    def _refers(self, path: Path, at: DataPath, entry: Mapping[str, Any]) -> None:
        """What an indicator is counted in and shares out must be known."""
        if entry.get("unit", "%") not in self.spellings:
            raise bad(path, (*at, "unit"), f"{entry['unit']!r} is no unit that is known")
        for part, id in entry.get("per_head", {}).items():
            if id not in self.metrics:
                raise bad(path, (*at, "per_head", part), f"{id!r} is no indicator that is known")

    def _unit(self, path: Path, unit: str, entry: Mapping[str, Any]) -> None:
        at = ("units", unit)
        _claim(self.spellings, unit, entry, path, at)
        known = self.units.setdefault(unit, {})
        for part in ("dimension", "factor", "not_before"):
            if known and part in entry and entry[part] != known.get(part):
                raise bad(path, (*at, part), f"{part} of {unit!r} is {known.get(part, 'none')!r} already")
        if not known:
            self._new_unit(path, at, unit, entry)
        known |= {**entry, **_joined(known, entry, "aliases"), **_joined(known, entry, "before")}

    def _new_unit(self, path: Path, at: DataPath, unit: str, entry: Mapping[str, Any]) -> None:
        """A new unit has a dimension, and converts to the one unit to which others of that do."""
        if "dimension" not in entry:
            raise bad(path, at, f"{unit!r} is no unit that is known, and a new one needs a dimension")
        dimension = entry["dimension"]
        others = {other: its for other, its in self.units.items() if its.get("dimension") == dimension}
        bases = [other for other, its in others.items() if "factor" not in its]
        if "factor" in entry and len(bases) != 1:
            raise bad(path, (*at, "factor"), f"there is no one unit of {dimension!r} to convert {unit!r} to")
        if "factor" not in entry and len(others) > len(bases):
            raise bad(path, at, f"{unit!r} needs a factor: how many {bases[0]} one of it is")

    def _contrast(self, path: Path, i: int, group: Sequence[str]) -> None:
        """Words are told apart only where they are not names of one thing."""
        seen: dict[str, str] = {}
        for word in group:
            of = self.concepts.get(word, word)
            if of in seen:
                raise bad(path, ("contrasts", i), f"{seen[of]!r} and {word!r} are names of one indicator", word)
            seen[of] = word
        self.contrasts += [] if group in self.contrasts else [group]

    def weigh(self, own: Mapping[str, Any]) -> None:
        """Weights of findings: each that a project gives takes the place of the shipped one."""
        weights = {mark["id"]: mark["weight"] for mark in own["marks"]}
        self.confidence = {
            "thresholds": own["thresholds"],
            "other_rules": own["other_rules"],
            "rules": {**self.confidence["rules"], **own["rules"]},
            "marks": [{**mark, "weight": weights.get(mark["id"], mark["weight"])} for mark in self.confidence["marks"]],
        }

    def vocabulary(self) -> Vocabulary:
        given = shipped()
        files = {
            "metrics": {**given["metrics"], "metrics": list(self.metrics.values())},
            "contrasts": {**given["contrasts"], "contrasts": self.contrasts, "markers": self.markers},
            "units": {**given["units"], "units": self.units},
            CONFIDENCE: self.confidence,
        }
        # Contrasts and weights have no say in what is read off a text.
        read_by = json.dumps([files[name] for name in ("metrics", "units")], ensure_ascii=False)
        as_shipped = all(files[name] == given[name] for name in ("metrics", "units"))
        fingerprint = "" if as_shipped else hashlib.sha256(read_by.encode()).hexdigest()[:16]
        return Vocabulary(files, fingerprint, tuple(self.own))


def _names(name: str, entry: Mapping[str, Any]) -> list[str]:
    return [name, *entry.get("aliases", [])]


def _claim(taken: dict[str, str], name: str, entry: Mapping[str, Any], path: Path, at: DataPath) -> None:
    """Note what the names of an entry stand for. Raises BadData where one is that of another already."""
    for one in _names(name, entry):
        if taken.setdefault(one, name) != name:
            raise bad(path, at, f"{one!r} is a name of {taken[one]!r} already", one)


def _joined(known: Mapping[str, Any], entry: Mapping[str, Any], part: str) -> dict[str, list[str]]:
    """What was listed and what is added, each once."""
    return {part: list(dict.fromkeys([*known.get(part, []), *entry[part]]))} if part in entry else {}


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of these words, the longest first."""
    return _any_of(tuple(words))


@lru_cache(maxsize=1000)
def _any_of(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w))) + ")"


@cache
def table_words() -> dict[str, Any]:
    """tables.yaml, with the words of other files where its patterns name their kind in braces: {budgets}."""
    budgets, clauses = words("relational")["budget_parts"]["budgets"], words("clauses")
    kinds = {
        "budgets": [name for budget, names in budgets.items() for name in (budget, *names)],
        "versus": clauses["kinds"]["versus"],
        "looking_back": clauses["looking_back"],
    }
    data: dict[str, Any] = _filled(words("tables"), kinds)
    return data


def _filled(data: Any, kinds: Mapping[str, Iterable[str]]) -> Any:
    if isinstance(data, str):
        return _KIND.sub(lambda m: any_of(kinds[m[1]]), data)
    if isinstance(data, list):
        return [_filled(each, kinds) for each in data]
    return {key: _filled(each, kinds) for key, each in data.items()} if isinstance(data, dict) else data

"""The words of a report, in Chinese and English. They stand in words.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from checker.errors import BadSetting

LANGUAGES = ("zh", "en")


@cache
def words(lang: str) -> Mapping[str, str | list[str]]:
    """All words of a language by their key."""
    if lang not in LANGUAGES:
        raise BadSetting(f"no words in the language {lang!r}; there are {', '.join(LANGUAGES)}")
    with open(Path(__file__).with_name("words.yaml"), encoding="utf-8") as file:
        table = yaml.safe_load(file)
    return {key: entry[lang] for key, entry in table.items()}


def say(lang: str, key: str, **values: object) -> str:
    """The words for a key, with the values filled in; one or many goes by the value named n."""
    phrase = words(lang)[key]
    if isinstance(phrase, list):
        phrase = phrase[0 if str(values["n"]) == "1" else 1]
    return phrase.format(**values)


def label(lang: str, group: str, code: str) -> str:
    """The word for a code of a group such as level or attribute; the code itself where there is no word for it."""
    phrase = words(lang).get(f"{group}.{code}", code)
    return phrase if isinstance(phrase, str) else phrase[0]


def choose(texts: Mapping[str, str], lang: str) -> str:
    """The text in this language, or in any other that exists."""
    return texts.get(lang) or next((text for text in texts.values() if text), "")

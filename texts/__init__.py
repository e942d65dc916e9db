"""Every sentence a user reads, in Japanese and English, from one catalogue.

The catalogue is the folder's ``*.toml`` files, one per subject. An entry holds both languages
side by side, so that neither can be forgotten::

    [legend.strong]                     # key: "ecomap.legend.strong" in ecomap.toml
    ja = "強い結びつき"
    en = "Strong tie"

Placeholders are ``str.format`` fields: ``ja = "{count} 機関"``. A day that fills one is written as
people write it.
"""

from __future__ import annotations

from texts.catalogue import DEFAULT_LANGUAGE, LANGUAGES, Language, read_catalogue
from texts.dates import USUAL_FORMS
from texts.voice import Voice

__all__ = [
    "DEFAULT_LANGUAGE", "LANGUAGES", "Language", "Voice", "read_catalogue", "say", "say_both",
]  # fmt: skip


def say(key: str, language: Language = DEFAULT_LANGUAGE, /, **values: object) -> str:
    """Return the text of `key` in `language` with its placeholders filled from `values`.

    Days among the values are written in the usual form of the language.

    Raises:
        KeyError: the catalogue has no such key, or the text names a value that was not given.
    """
    return Voice(language, USUAL_FORMS[language]).say(key, **values)


def say_both(key: str, between: str = "\n", /, **values: object) -> str:
    """Return the text of `key` in every language, Japanese first, for who has not chosen one."""
    return between.join(say(key, language, **values) for language in LANGUAGES)

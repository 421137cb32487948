"""Words for people, which are always in both languages of the site."""

from __future__ import annotations

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Bilingual:
    """Words for people, in both languages of the site."""

    fr: str
    en: str

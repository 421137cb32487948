"""The levels of a country's divisions and what each is by its law: a `divisions.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from loaders.errors import DatasetError
from loaders.model.values import PartialDate, Ref

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Level:
    """The divisions of one level and what they are.

    `kind` is that of a local authority; without one they are places. `code` is the form of their
    codes, `key` that of their keys, from `{code}`, `{local}` (what follows its last hyphen) or
    `{name}`. `names` gives the name in full for each language, from `{name}` or, in French, `{of}`:
    "de Fès", "d'Azilal", "du Centre". `bare` tells that the name alone may be used for it too: not
    where towns that bear it are not known, because it would be found where the town is meant.
    `agency` gives the codes; without one they are no identifiers. `named` is false where another
    dataset names them.
    """

    key: str
    code: str
    kind: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    bare: bool = True
    named: bool = True
    agency: str | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None


@checked(frozen=True, config=_STRICT)
class CountryDivisions:
    """The levels of a country, and decisions on single divisions by their code.

    Of two things that one row stands for (a territory of the state's administration, and the
    authority that it has been), the first contains the divisions below. `keys` gives keys that
    differ, so that one authority stays one across datasets; `french` names, with the article that
    they take ("la Kara"), where the register has none or another language; `full` those that are
    made otherwise ("Région Maritime"); `within` what lies in a division of another dataset.
    """

    levels: Mapping[str, tuple[Level, ...]]
    keys: Mapping[str, str] = field(default_factory=dict)
    french: Mapping[str, str] = field(default_factory=dict)
    full: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, Ref] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


Countries = Mapping[str, CountryDivisions]


def read_divisions(text: str, name: str) -> Countries:
    """The countries of a `divisions.yml`, by EU country code.

    Raises DatasetError with field and reason.
    """
    try:
        return TypeAdapter(dict[str, CountryDivisions]).validate_python(
            yaml.safe_load(text)["countries"]
        )
    except (yaml.YAMLError, ValidationError, TypeError, KeyError) as error:
        raise DatasetError(f"dataset {name}: divisions.yml: {error}") from error

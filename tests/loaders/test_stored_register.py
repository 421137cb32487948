"""The register of a version answers as the one that the build resolved names with."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from loaders.errors import BuildError
from loaders.identity.candidates import Ranking
from loaders.identity.register import Bearer, Known, Register
from loaders.identity.resolution import Authorities, Context
from loaders.identity.stored_register import NAME, read_register, write_register
from loaders.model.records import Party
from loaders.model.values import Ref
from loaders.progress import Silent
from loaders.sources.dataset import registrations
from loaders.sources.reading import Sources, read

SAMPLE = ("countries", "morocco", "morocco_coordinates", "france_territories", "curated")


@pytest.fixture(scope="module")
def register() -> Register:
    reads = [read(registrations()[name], Sources(), Silent()) for name in SAMPLE]
    return Register(e for outcome in reads for record in outcome.records for e in record.entities)


@pytest.fixture(scope="module")
def stored(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Register:
    path = tmp_path_factory.mktemp("version") / NAME
    write_register(path, register)
    return read_register(path)


def plain(value: object) -> object:
    """A value of an index, compared by what it holds: agents are otherwise the same or not."""
    if isinstance(value, Known):
        return tuple(getattr(value, field.name) for field in fields(Known))
    if isinstance(value, Bearer):
        return (plain(value.known), value.until)
    return [plain(each) for each in value] if isinstance(value, list) else value


def test_every_index_is_kept_whole(register: Register, stored: Register) -> None:
    assert len(register.by_iri) > 1500
    assert vars(stored).keys() == vars(register).keys()
    for name, index in vars(register).items():
        kept = vars(stored)[name]
        assert {key: plain(kept[key]) for key in kept} == {
            key: plain(value) for key, value in index.items()
        }, name
        assert len(kept) == len(index)


def test_an_agent_is_one_object_however_it_is_reached(stored: Register) -> None:
    (bearer,) = stored.named("smimou")
    assert bearer.known is stored.by_iri[bearer.known.iri]


@pytest.mark.parametrize("country", [Ref("country/MAR"), Ref("country/FRA"), None])
def test_names_are_resolved_alike(register: Register, stored: Register, country: Ref) -> None:
    one, other = Authorities(register), Authorities(stored)
    ranking, of_stored = Ranking(register), Ranking(stored)
    names = ["Smimou", "Oujda", "Région de l'Oriental", "Essonne", "La Réunion", "Nulle Part (93)"]
    names += sorted(register.by_iri[iri].name for iri in [*register.by_iri][::20])
    for name in names:
        party = Party(name=name, country=country)
        assert one.resolve(party, Context()) == other.resolve(party, Context())
    for name in ("Smimu", "Esonne", "Rabat-Salé-Kénitra"):
        party = Party(name=name, country=country)
        assert ranking.lookalikes(party) == of_stored.lookalikes(party)


def test_the_same_register_is_the_same_file(register: Register, tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_register(tmp_path / name, register)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_version_without_a_register_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds no register of names: run `maillage build`"):
        read_register(tmp_path / NAME)

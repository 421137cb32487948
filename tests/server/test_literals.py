"""The index over objects: the file that keeps it, and the texts that it takes for the same."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from server.engine import literals
from server.engine.guards import Guards
from server.engine.literals import DOUBTFUL, fold, literals_of, load_literals, read_literals

NAME = NamedNode("http://example.org/name")
TOWN = "SELECT * { ?s <http://example.org/name> ?n FILTER(?n = 'Town 3') }"


@pytest.fixture
def towns() -> Store:
    """A thousand towns with a name."""
    store = Store()
    places = (NamedNode(f"http://example.org/s{i}") for i in range(1000))
    store.extend(Quad(place, NAME, Literal(f"Town {i}")) for i, place in enumerate(places))
    return store


def test_a_file_keeps_the_index(towns: Store, tmp_path: Path) -> None:
    path = tmp_path / "literals"
    index = read_literals(towns)
    index.save(path)
    assert Guards(index).of(TOWN) != TOWN
    assert load_literals(path) == index
    assert literals_of(Store(), path) == index
    assert list(tmp_path.iterdir()) == [path]


def damage(content: bytes) -> dict[str, bytes]:
    """What may be left of a file."""
    middle = len(content) // 2
    return {
        "nothing": b"",
        "another file": b"PK\3\4",
        "the beginning": content[:-1],
        "more": content + b"\0",
        "a block that was never written": content[:middle] + bytes(len(content) - middle),
        "another byte": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
    }


def test_a_file_that_is_missing_or_damaged_is_made_anew(towns: Store, tmp_path: Path) -> None:
    path = tmp_path / "literals"
    index = literals_of(towns, path)
    assert set(index.columns) == {NAME.value}
    content = path.read_bytes()
    for what, left in damage(content).items():
        path.write_bytes(left)
        with pytest.raises(ValueError):
            load_literals(path)
        assert literals_of(towns, path) == index, what
        assert path.read_bytes() == content, what


def test_a_file_of_another_program_is_made_anew(
    towns: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "literals"
    with monkeypatch.context() as there:
        there.setattr(literals, "FORMAT", [1, "little", "15.1.0"])
        index = literals_of(towns, path)
    with pytest.raises(ValueError):
        load_literals(path)
    assert literals_of(towns, path) == index
    assert load_literals(path) == index


def test_an_index_that_cannot_be_kept_is_made_all_the_same(towns: Store, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "none" / "literals", tmp_path / "folder"):
        assert set(literals_of(towns, path).columns) == {NAME.value}
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def evaluated(expressions: str, text: str) -> QuerySolution:
    """What the engine makes of a text `?t`."""
    solutions = Store().query(f"SELECT {expressions} {{ BIND({Literal(text)} AS ?t) }}")
    assert isinstance(solutions, QuerySolutions)
    return next(solutions)


def in_other_cases() -> dict[str, set[str]]:
    """Of all characters, those that LCASE or UCASE changes, and into what."""
    characters = [
        chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000 and chr(i) not in "\n\r"
    ]
    solution = evaluated("(LCASE(?t) AS ?l) (UCASE(?t) AS ?u)", "\n".join(characters))
    lower, upper = (solution[name].value.split("\n") for name in "lu")
    return {
        character: {*others} - {character}
        for character, *others in zip(characters, lower, upper, strict=True)
        if {*others} != {character}
    }


def test_what_the_engine_does_to_cases_is_folded_away() -> None:
    cases = in_other_cases()
    assert cases["ß"] == {"SS"}
    for character, others in cases.items():
        for other in others:
            # Such a needle is not looked for.
            unsought = all(DOUBTFUL.match(part) for part in other)
            assert fold(other) == fold(character) or unsought, (character, other)


def test_what_the_flag_i_takes_for_the_same_folds_to_the_same() -> None:
    cased = "".join(in_other_cases())
    sought = [character for character in cased if not DOUBTFUL.match(character)]
    found = 0
    for start in range(0, len(sought), 100):
        part = sought[start : start + 100]
        expressions = " ".join(
            f'(REPLACE(?t, "{character}", "", "i") AS ?v{i})' for i, character in enumerate(part)
        )
        solution = evaluated(expressions, cased)
        for i, character in enumerate(part):
            same = {*cased} - {*solution[f"v{i}"].value}
            assert character in same
            assert {fold(other) for other in same} == {fold(character)}
            found += len(same) > 1
    assert found > 1000

"""The work of cutting a query grows with its length, whatever is written in it."""

import sys
from collections.abc import Callable

import pytest

from server.editor.cut import cut

HEAD = "SELECT * WHERE { "


def shut_by_others(n: int) -> str:
    """Round brackets that square ones are to close, as many."""
    return HEAD + "(" * n + "]" * n


def one_after_another(n: int) -> str:
    """OPTIONAL groups of which each needs the one after it."""
    return HEAD + "".join(f"OPTIONAL {{ ?v{i} <x> ?v{i + 1} }} " for i in range(n // 20))


def backwards(n: int) -> str:
    """Triples that hang together from the last to the first."""
    return HEAD + "".join(f"?v{i} <x> ?v{i + 1} . " for i in range(n // 4, 0, -1)) + "?v1 ?z ?w . "


@pytest.mark.parametrize("write", [shut_by_others, one_after_another, backwards])
def test_the_work_of_a_cut_grows_with_the_text(write: Callable[[int], str]) -> None:
    few, many = (lines_for(f"{write(n)}?v1 ?y ") for n in (400, 1600))
    assert many < 8 * few


def lines_for(text: str) -> int:
    """The lines that are run to cut a text at its end."""
    count = 0

    def trace(*_: object) -> Callable[..., object]:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        cut(text, len(text))
    finally:
        sys.settrace(before)
    return count

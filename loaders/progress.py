"""Progress for a person: a bar with rate and time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Protocol, TextIO, TypeVar

from tqdm import tqdm

T = TypeVar("T")


class Progress(Protocol):
    """Whoever is told how far a build is."""

    def over(self, items: Iterable[T], stage: str, unit: str, total: int | None) -> Iterator[T]:
        """The items, told one by one."""
        ...

    def say(self, stage: str) -> None:
        """Tell that a stage begins whose length is not known."""
        ...


class ShownProgress:
    """Progress on a stream: bars where it is a terminal, a line a stage where it is not."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._bars = self._stream.isatty()

    def over(
        self, items: Iterable[T], stage: str, unit: str = "", total: int | None = None
    ) -> Iterator[T]:
        """The items, told one by one."""
        if self._bars:
            yield from tqdm(items, stage, total, unit=f" {unit}", file=self._stream, leave=False)
        else:
            count = f": {total} {unit}" if total is not None else ""
            self.say(f"{stage}{count}")
            yield from items

    def say(self, stage: str) -> None:
        """Tell that a stage begins."""
        print(stage, file=self._stream, flush=True)


class Silent:
    """No progress at all."""

    def over(
        self, items: Iterable[T], stage: str, unit: str = "", total: int | None = None
    ) -> Iterator[T]:
        """The items."""
        del stage, unit, total
        return iter(items)

    def say(self, stage: str) -> None:
        """Tell nobody."""

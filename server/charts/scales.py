"""Scales: from values to places on a drawing, and the round values at which to put a tick."""

from dataclasses import dataclass
from math import ceil, floor, log10

TICK_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Linear:
    """A scale on which equal differences take equal lengths; `first` may be right of `last`."""

    low: float
    high: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        """The position of a value on the scale; its middle where all values are one."""
        if self.high == self.low:
            return (self.first + self.last) / 2
        share = (value - self.low) / (self.high - self.low)
        return self.first + share * (self.last - self.first)


def ticks(low: float, high: float, wanted: int = 5, *, whole: bool = False) -> tuple[float, ...]:
    """About so many round values that begin at or below `low` and end at or above `high`.

    >>> ticks(0, 51600, 4)
    (0.0, 20000.0, 40000.0, 60000.0)
    >>> ticks(-3, 8, 6)
    (-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0)
    >>> ticks(7, 7)
    (7.0, 8.0)
    >>> ticks(0, 2, whole=True)  # of what is counted there is no half
    (0.0, 1.0, 2.0)
    """
    step = rounded((high - low) / max(1, wanted)) if high > low else 1.0
    step = max(step, 1.0) if whole else step
    first, last = floor(low / step), ceil(high / step)
    # Whole multiples, so that no error adds up: 0.30000000000000004 is no tick.
    places = max(0, -floor(log10(step)))
    return tuple(round(n * step, places) for n in range(first, max(last, first + 1) + 1))


def years(low: int, high: int, wanted: int = 6) -> tuple[int, ...]:
    """About so many whole years within the two, themselves among them if they are round.

    >>> years(1998, 2024)
    (2000, 2005, 2010, 2015, 2020)
    >>> years(2010, 2010)
    (2010,)
    """
    step = max(1, int(rounded((high - low) / max(1, wanted))))
    found = tuple(range(ceil(low / step) * step, high + 1, step))
    return found or (low,)


def rounded(length: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2 …) that is not shorter."""
    power = 10.0 ** floor(log10(length)) if length > 0 else 1.0
    # Floats: 3 * 0.1 / 0.1 is a little more than 3.
    return next(
        (each * power for each in TICK_STEPS if each * power >= length * 0.999999), 10 * power
    )

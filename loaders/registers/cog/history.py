"""The communes and their parts from one day to the next, as INSEE's changes tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from loaders.registers.cog import movements as mods
from loaders.registers.cog.existence import Existence, Span, give_keys
from loaders.registers.cog.movements import Movement, State, moment, read_movements
from loaders.registers.cog.standing import Standing, read_overseas, read_standing
from loaders.registers.cog.succession import Grounds
from loaders.sources.files import SourceFile
from loaders.sources.issue_log import IssueLog

_KEEPS_ITS_NAME = {mods.SIMPLE_MERGER, mods.ASSOCIATION, mods.RESTORATION}
"""The changes in which a commune goes on under its code only if it keeps its name as well."""

VILLE_DE_PARIS = "law of 28 February 2017"
"""The change that INSEE's table does not tell, for the code and the name stay."""

BEYOND = (
    Movement(
        VILLE_DE_PARIS, "2019-01-01", State("COM", "75056", "Paris"), State("COM", "75056", "Paris")
    ),
)


@dataclass(frozen=True, slots=True)
class Event:
    """A change of one day: those it ends, those it begins, those that have a part and go on."""

    mod: str
    day: str
    ended: tuple[Existence, ...]
    begun: tuple[Existence, ...]
    continuing: tuple[Existence, ...]


@dataclass
class History:
    """All that has existed since 1943, the changes of communes, and who follows whom."""

    all: list[Existence] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    grounds: Grounds = field(default_factory=Grounds)
    _open: dict[tuple[str, str], Existence] = field(default_factory=dict)
    _closed: dict[str, Existence] = field(default_factory=dict)

    def commune(self, code: str) -> Existence | None:
        """The commune that has a code at the end of the history."""
        return self._open.get(("COM", code))

    def tell(self, movements: Iterable[Movement]) -> None:
        """Takes changes in, in order of time."""
        for (day, mod), links in groupby(movements, key=lambda each: (each.day, each.mod)):
            rows = tuple(links)
            if mod not in mods.OF_PARTS:
                for component in _components(rows):
                    self._change(mod, day, component)
            poles = {
                row.before.code: row.after.code
                for row in rows
                if row.before and row.after and row.before.type == row.after.type == "COM"
            }
            for row in _of_parts(rows):
                self._part(row, day, poles)

    def stand(self, register: Sequence[Standing], issues: IssueLog) -> None:
        """Holds the end of the history against the register of a day, which has the last word."""
        listed = set()
        for row in register:
            listed.add((row.type, row.code))
            existence = self._known(State(row.type, row.code, row.name))
            if existence.name != row.name:
                issues.warn(
                    "LIBELLE", row.name, f"the changes call {row.code} {existence.name!r}: the "
                    "register's name is kept", line=row.line,
                )  # fmt: skip
                existence.spans[-1].name = row.name
            existence.today = row
        for row in register:
            if row.parent:
                existence = self._open[row.type, row.code]
                existence.commune = self._open.get(("COM", row.parent)) or existence.commune
        for kind, code in sorted(self._open.keys() - listed):
            issues.warn(
                "COM", code, f"no change ends this {kind}, and the register does not have it: it "
                "is known from its changes alone",
            )  # fmt: skip
        # A part that comes and goes with one act was there for no day.
        self.all = [each for each in self.all if not each.end or each.end != each.start]
        for existence in self.all:
            self._catch_up(existence)
        self.all.sort(key=lambda each: (each.spans[0].code, each.start, each.type))
        give_keys(self.all)

    def _catch_up(self, part: Existence) -> None:
        """Moves a part on to the commune that has followed the one that it was within."""
        last = moment(part.end or "9999")
        while part.commune and part.commune.end and part.commune.end < last:
            heirs = self.grounds.heirs(part.commune)
            if len(heirs) != 1:
                return
            part.commune = heirs[0]

    def _known(self, state: State) -> Existence:
        """What stands for a state; of what was there before 1943 nobody knows since when."""
        key = (state.type, state.code)
        if key not in self._open:
            existence = self._begin(state, "")
            if state.type == "COM":
                self.grounds.settle(existence)
        return self._open[key]

    def _begin(self, state: State, day: str, *, new: bool = False) -> Existence:
        existence = Existence(state.type, [Span(day, state.code, state.name)], new=new)
        self._open[state.type, state.code] = existence
        self.all.append(existence)
        return existence

    def _end(self, existence: Existence, day: str) -> None:
        existence.end = day
        if self._open.get((existence.type, existence.code)) is existence:
            del self._open[existence.type, existence.code]
        if existence.type == "COM":
            self._closed[existence.code] = existence
        if existence.spans[-1].start == day and len(existence.spans) > 1:
            existence.spans.pop()  # changed and ended on one day: borne for none

    def _change(self, mod: str, day: str, rows: tuple[Movement, ...]) -> None:
        links = [(row.before, row.after) for row in rows]
        before = {
            row.code: self._known(row) for row, _ in links if row is not None and row.type == "COM"
        }
        after = {row.code: row for _, row in links if row is not None and row.type == "COM"}
        if not after and mod == mods.CREATION:
            return  # Marseille is divided into arrondissements, and goes on
        if mod in (mods.RENAMING, mods.NEW_DEPARTMENT, mods.NEW_SEAT):
            self._rename(mod, day, before, after)
            return
        going_on = {
            code
            for code, existence in before.items()
            if code in after and _goes_on(mod, existence.name, after[code].name)
        }
        ended = {code: each for code, each in before.items() if code not in going_on}
        for existence in ended.values():
            self._end(existence, day)
        new = mod == mods.NEW_COMMUNE
        for code, state in after.items():
            if code in going_on:
                before[code].becomes(day, code, state.name)
        standing = {
            code: before[code] if code in going_on else self._begin(state, day, new=new)
            for code, state in after.items()
        }
        begun = {code: each for code, each in standing.items() if code not in going_on}
        if mod == mods.RESTORATION:
            self._restore(before, ended, begun)
        elif mod == mods.CREATION:
            for existence in begun.values():
                self.grounds.settle(existence)
        else:
            self._merge(links, ended, standing)
        self.events.append(
            Event(mod, day, _by_code(ended), _by_code(begun), _by_code(before, going_on))
        )

    def _rename(
        self, mod: str, day: str, before: dict[str, Existence], after: dict[str, State]
    ) -> None:
        (existence,), (state,) = before.values(), after.values()
        if self._open.get(("COM", existence.code)) is existence:
            del self._open["COM", existence.code]
        existence.becomes(day, state.code, state.name)
        self._open["COM", state.code] = existence
        self.events.append(Event(mod, day, (), (), (existence,)))

    def _merge(
        self,
        links: Iterable[tuple[State | None, State | None]],
        ended: dict[str, Existence],
        standing: dict[str, Existence],
    ) -> None:
        takers: defaultdict[str, list[Existence]] = defaultdict(list)
        for before, after in links:
            if before and after and before.type == after.type == "COM" and before.code in ended:
                takers[before.code].append(standing[after.code])
        for code, existence in ended.items():
            self.grounds.pass_on(existence.ground, existence, *takers[code])

    def _restore(
        self,
        before: dict[str, Existence],
        ended: dict[str, Existence],
        begun: dict[str, Existence],
    ) -> None:
        """Gives each restored commune the ground of the one that it had been."""
        for code, existence in begun.items():
            for left in before.values():
                former = self._closed.get(code)
                if former is left:
                    former = None  # what goes by its code takes the rest, below
                if former and (pieces := left.ground & former.ground):
                    self.grounds.pass_on(pieces, left, existence)
        for code, left in ended.items():
            given = set().union(*(each.ground for each in begun.values())) if begun else set()
            rest = left.ground - given
            heirs = [begun[code]] if code in begun else list(begun.values())
            self.grounds.pass_on(rest, left, *heirs)
        for existence in begun.values():
            if not existence.ground:
                self.grounds.settle(existence)

    def _part(self, row: Movement, day: str, poles: dict[str, str]) -> None:
        before, after = row.before, row.after
        if before and before.type != "COM":
            part = self._known(before)
            same = after is not None and (after.type, after.code) == (before.type, before.code)
            if not same and _ends_part(row):
                self._end(part, day)
                if after and after.type != "COM":
                    self._begin(after, day).commune = part.commune
                if after and after.type == "COM" and row.mod != mods.RESTORATION:
                    part.commune = self.commune(after.code) or part.commune
        if after and after.type != "COM":
            part = self._open.get((after.type, after.code)) or self._begin(after, day)
            part.becomes(day, after.code, after.name)
            if before and before.type == "COM":
                part.commune = self.commune(poles.get(before.code, before.code)) or part.commune


def _goes_on(mod: str, name: str, later: str) -> bool:
    if mod in (mods.NEW_COMMUNE, VILLE_DE_PARIS):
        return False
    return mod not in _KEEPS_ITS_NAME or name == later


def _ends_part(row: Movement) -> bool:
    """Whether what a part was before is no more: restored to another, it may go on beside it."""
    return row.mod not in (mods.CREATION, mods.DELEGATED_AGAIN)


def _of_parts(rows: Sequence[Movement]) -> Iterator[Movement]:
    """The rows without those that say of a part that goes on which commune it goes on in."""
    lasting = {
        (side.type, side.code)
        for row in rows
        if row.after and row.after.type != "COM"
        for side in (row.before, row.after)
        if side
    }
    for row in rows:
        before, after = row.before, row.after
        joins = before and before.type != "COM" and after and after.type == "COM"
        if not (joins and before and (before.type, before.code) in lasting):
            yield row


def _by_code(found: dict[str, Existence], of: Iterable[str] | None = None) -> tuple[Existence, ...]:
    return tuple(found[code] for code in sorted(found if of is None else of))


def _components(rows: Sequence[Movement]) -> Iterator[tuple[Movement, ...]]:
    """The rows of one day and kind by the change that they tell: those that share a commune."""
    group: dict[tuple[str, str], list[Movement]] = {}
    order: list[list[Movement]] = []
    for row in rows:
        ends = [
            (side.type, side.code)
            for side in (row.before, row.after)
            if side and side.type == "COM"
        ]
        if not ends:
            continue
        found: list[list[Movement]] = []
        for end in ends:
            if end in group and all(group[end] is not each for each in found):
                found.append(group[end])
        joined = found[0] if found else []
        if not found:
            order.append(joined)
        joined.append(row)
        for other in found[1:]:
            joined.extend(other)
            order = [each for each in order if each is not other]
            group.update((key, joined) for key, value in list(group.items()) if value is other)
        group.update((end, joined) for end in ends)
    yield from map(tuple, order)


def read_history(
    standing: SourceFile, movements: SourceFile, overseas: Sequence[SourceFile], issues: IssueLog
) -> History:
    """The history that these tables tell; what cannot be read of them is told to the issues."""
    history = History()
    told = (*read_movements(movements, issues), *BEYOND)
    history.tell(sorted(told, key=lambda each: moment(each.day)))
    register = read_standing(standing, issues)
    for source in overseas:
        register += read_overseas(source, issues)
    history.stand(register, issues)
    return history

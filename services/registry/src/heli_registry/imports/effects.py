"""What an import would do, row by row: the writes, the rows refused with their cells, and one digest of all of it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from heli_registry.imports.preparing import CellProblem, Refusal
from heli_registry.imports.spool import Spool
from heli_shared.lists.layouts import kept_cells
from heli_shared.records.bulk import BulkWrite


class Effect(NamedTuple):
    """The write that a row leads to: what stood in the changed fields before, the record's name, and the day.

    `is_dated` says that the file or the caller named the day of effect; otherwise it is the day of the import.
    `is_made` says that the key was made up just now and will be another one when the list is applied.
    """

    row: int
    write: BulkWrite
    before: dict[str, Any]
    name: str | None
    is_dated: bool
    is_made: bool = False


class Refused(NamedTuple):
    """A refused row with its reasons and, as long as there is room, its cells as they were sent."""

    row: int
    errors: tuple[CellProblem, ...]
    cells: list[Any] | None


class Effects:
    """Collects what a check finds, in temporary files, so that memory does not grow with the file."""

    def __init__(self, most_cells: int, *, digests: bool) -> None:
        """Keep the cells of at most so many refused rows; a digest costs time and is made only when it `digests`."""
        self._writes = Spool()
        self._refused = Spool()
        self._room = most_cells
        self._digest = hashlib.sha256() if digests else None
        self._made: dict[str, str] = {}

    def add(self, effects: Sequence[Effect]) -> None:
        """Take the effects of some rows."""
        if self._digest is not None:
            self._made |= {each.write.key: f"row {each.row}" for each in effects if each.is_made}
            for each in effects:
                self._note(
                    each.row, each.write.operation, self._made.get(each.write.key, each.write.key),
                    each.write.effective_on if each.is_dated else "",
                    {name: self._named(value) for name, value in each.write.changes.items()}, each.before,
                )  # fmt: skip
        if effects:
            self._writes.add([(row, tuple(write), *rest) for row, write, *rest in effects])

    def _named(self, value: Any) -> Any:
        """Return a value, and a key that this check made up by the row that it stands for."""
        return self._made.get(value, value) if self._made and isinstance(value, str) else value

    def refuse(self, refusals: Sequence[Refusal], cells: Mapping[int, Sequence[Any]]) -> None:
        """Take refused rows; `cells` are the rows of the file by number."""
        lines: list[tuple[Any, ...]] = []
        for each in refusals:
            self._note(each.row, [problem.zh for problem in each.errors])
            errors = [(problem.column, problem.zh, problem.en) for problem in each.errors]
            kept = kept_cells(cells.get(each.row, ())) if self._room > 0 else None
            self._room -= 1
            lines.append((each.row, errors, kept))
        if lines:
            self._refused.add(lines)

    def _note(self, *what: Any) -> None:
        if self._digest is not None:
            self._digest.update(orjson.dumps(what, option=orjson.OPT_SORT_KEYS))

    @property
    def digest(self) -> str | None:
        """Return what all of it comes to: the same for the same rows on the same state of the registry."""
        return None if self._digest is None else self._digest.hexdigest()

    def effects(self) -> Iterator[list[Effect]]:
        """Yield the effects in the order in which they are to be written."""
        for batch in self._writes.batches():
            yield [Effect(row, BulkWrite(*write), *rest) for row, write, *rest in batch]

    def refused(self) -> Iterator[Refused]:
        """Yield the refused rows."""
        for batch in self._refused.batches():
            for row, errors, cells in batch:
                yield Refused(row, tuple(CellProblem(*each) for each in errors), cells)

    def close(self) -> None:
        """Let go of the files."""
        self._writes.close()
        self._refused.close()

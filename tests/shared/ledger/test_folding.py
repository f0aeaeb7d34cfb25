"""The fold against a second, naive reading of the same rule: for each field the last write up to a day and a seq."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from heli_shared.ledger.entries import GENESIS, Entry, changes_text, entry_hash
from heli_shared.ledger.folding import fold
from heli_shared.ledger.verifying import verify_chain

START = date(2026, 1, 1)
DAYS = st.integers(0, 9).map(lambda number: START + timedelta(days=number))
FIELDS = st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 3)), max_size=3)


def entry(seq: int, operation: str, effective_on: date, changes: dict) -> Entry:
    return Entry(
        seq=seq,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        actor="prn-1",
        unit=None,
        entity="enterprise",
        key="x",
        operation=operation,
        effective_on=effective_on,
        changes=changes,
        previous_hash="",
        hash="",
    )


@st.composite
def histories(draw) -> list[Entry]:
    created = entry(1, "create", START, {"state": "open", **draw(FIELDS)})
    later = draw(st.lists(st.tuples(DAYS, FIELDS), max_size=8))
    return [created, *(entry(seq, "change", day, changes) for seq, (day, changes) in enumerate(later, start=2))]


@given(histories(), DAYS, st.integers(0, 10))
def test_a_record_as_of_a_day_and_a_seq_is_the_last_write_to_each_field(history, on, known_at):
    expected = {}
    for name in ("a", "b", "c", "state"):
        writes = [
            (each.effective_on, each.seq, each.changes[name])
            for each in history
            if name in each.changes and each.effective_on <= on and each.seq <= known_at
        ]
        if writes:
            expected[name] = max(writes, key=lambda write: write[:2])[2]

    folded = fold(reversed(history), on=on, known_at=known_at)

    if known_at == 0:
        assert folded is None
    else:
        assert folded is not None
        assert folded.values == expected
        assert folded.version == max(each.seq for each in history if each.effective_on <= on and each.seq <= known_at)


@given(histories())
def test_what_was_known_then_does_not_depend_on_what_came_later(history):
    for seq in range(1, len(history) + 1):
        assert fold(history, known_at=seq) == fold(history[:seq])


class Row:
    """A line as stored."""

    def __init__(self, **values) -> None:
        self.__dict__.update(values)


NAMES = ("seq", "recorded_at", "actor", "unit", "entity", "key", "operation", "effective_on", "changes")


def chain(history: list[Entry]) -> list[Row]:
    rows, previous = [], GENESIS
    for each in history:
        values = {name: getattr(each, name) for name in NAMES}
        values |= {"recorded_at": "2026-01-01T00:00:00.000000Z", "changes": changes_text(each.changes)}
        own = entry_hash(previous, *(str(values[name]) if name != "unit" else None for name in NAMES))
        rows.append(Row(**values, previous_hash=previous, hash=own))
        previous = own
    return rows


@given(histories())
def test_an_untouched_chain_is_sound(history):
    rows = chain(history)
    verdict = verify_chain(rows, head_seq=len(rows), head_hash=rows[-1].hash)
    assert (verdict.fault, verdict.entries, verdict.last_hash) == (None, len(rows), rows[-1].hash)


@given(histories(), st.data())
def test_any_edit_swap_or_loss_is_found_at_the_first_bad_entry(history, data):
    rows = chain(history)
    place = data.draw(st.integers(0, len(rows) - 1))
    damage = data.draw(st.sampled_from(["actor", "changes", "effective_on", "hash", "lose", "repeat", "swap"]))
    head = {"head_seq": len(rows), "head_hash": rows[-1].hash}
    if damage == "lose":
        del rows[place]
    elif damage == "repeat":
        rows.insert(place, rows[place])
        place += 1
    elif damage == "swap":
        other = (place + 1) % len(rows)
        if other == place:
            return
        rows[place], rows[other] = rows[other], rows[place]
        place = min(place, other)
    else:
        setattr(rows[place], damage, "2026-02-02" if damage == "effective_on" else "x")
    verdict = verify_chain(rows, **head)
    assert verdict.fault is not None
    assert verdict.fault_seq == place + 1

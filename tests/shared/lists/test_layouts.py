"""Cells of refused rows are kept as they were sent, and shown as such again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from heli_shared.lists.layouts import kept_cells, shown_cell

CELLS = st.one_of(
    st.none(), st.booleans(), st.text(), st.integers(-(2**52), 2**52), st.dates(), st.datetimes(),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(CELLS))
def test_kept_cells_are_the_cells(cells):
    def tame(cell):
        big = isinstance(cell, float) and abs(cell) >= 2**53
        return str(cell) if big else cell

    assert [shown_cell(each) for each in kept_cells(cells)] == [tame(cell) for cell in cells]

"""No input breaks the registry, on either database."""

from fuzzing import try_all
from registry.codes import code
from registry.conftest import TOWN_A, Registry


def test_no_input_breaks_the_registry(county: Registry):
    county.made("/v1/enterprises", uscc=code(1), name="甲公司", division=TOWN_A)
    # A secret set by chance would lock the test's own administrator out of nothing, but hashing it is slow.
    slow = frozenset({"POST /v1/principals/{key}/secret"})
    try_all(county.app, county.headers(), examples=12, leave_out=slow)

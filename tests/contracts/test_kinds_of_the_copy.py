"""What reporting copies of a kind is what its service declares: no field that nobody writes, none of another type."""

from importlib import import_module
from pkgutil import walk_packages

import pytest

from heli_reporting.history.schema import KINDS, source_of
from heli_shared.records.kinds import RecordKind

TYPES = {"integer": "int", "boolean": "bool", "texts": "list"}
# Shown as they were given, with every place: the copy's decimals have two.
TOLD_AS_TEXT = {("cycle_entry", "score"), ("target", "value")}


def declared() -> dict[str, tuple[str, RecordKind]]:
    found = {}
    for service in ("registry", "assessment"):
        package = import_module(f"heli_{service}")
        for module in walk_packages(package.__path__, f"heli_{service}."):
            if module.name.endswith(".models"):
                held = vars(import_module(module.name)).values()
                found |= {each.entity: (service, each) for each in held if isinstance(each, RecordKind)}
    return found


DECLARED = declared()


@pytest.mark.parametrize("entity", sorted(KINDS))
def test_every_field_of_the_copy_is_one_of_the_kind(entity):
    service, kind = DECLARED[entity]
    fields = {each.name: TYPES.get(each.type, each.type) for each in kind.fields}
    copied = {name: told for name, told in KINDS[entity].items() if (entity, name) not in TOLD_AS_TEXT}

    assert source_of(entity) == service
    assert copied.items() <= fields.items()

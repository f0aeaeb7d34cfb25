"""The demo county in assessment's tests: its registry in the fake, its records in the service's own ledger."""

from datetime import date

from assessment.world import World
from heli_assessment.activities.models import ACTIVITY
from heli_assessment.database import LEDGER
from heli_assessment.marks.models import MARK
from heli_assessment.plans.models import PLAN
from heli_assessment.tasks.models import TASK
from heli_cli.demo.county import county
from heli_cli.demo.record import OF_ASSESSMENT
from heli_shared.db.engine import transaction
from heli_shared.ledger.entries import Author
from heli_shared.records.writing import Write, write

ON = date(2026, 6, 30)
_KINDS = {kind.plural: kind for kind in (PLAN, TASK, ACTIVITY, MARK)}
_ENTITIES = {"people": "person", "divisions": "division", "covers": "cover", "affiliations": "affiliation"}


def fill(world: World, size: int = 300) -> None:
    """Put a county of `size` enterprises into a world, the default rulebook for departments in force."""
    world.example()
    own = {plural: [] for plural in OF_ASSESSMENT}
    for record in county(size, 7, ON):
        if record.kind in own:
            changes = {**record.fields, "state": "open"}
            own[record.kind].append(Write(_KINDS[record.kind], record.key, "create", record.effective_on, changes))
        else:
            state = "open" if record.operation == "create" else "closed"
            world.registry.append(
                _ENTITIES.get(record.kind) or record.kind.replace("-", "_").removesuffix("s"),
                record.key,
                effective_on=record.effective_on,
                changes={**record.fields, "state": state},
                operation=record.operation,
            )
    record_all(world, [_typed(each) for plural in OF_ASSESSMENT for each in own[plural]])


def record_all(world: World, writes: list[Write]) -> None:
    """Write records straight into the ledger, past the checks of the API."""
    with transaction(world.engine, writes=True) as session:
        write(session, LEDGER, writes, author=Author("prn-admin", None), clock=world.clock)


def mark(key: str, subject: str, rulebook: str, item: str, value: str) -> Write:
    """Return a mark given on the day."""
    fields = {"subject": subject, "rulebook": rulebook, "item": item, "value": value, "evidence": "试", "state": "open"}
    return Write(MARK, key, "create", ON, fields)


def _typed(each: Write) -> Write:
    dates = {field.name for field in each.kind.fields if field.type == "date"}
    values = {
        name: date.fromisoformat(value) if name in dates and value else value for name, value in each.changes.items()
    }
    return Write(each.kind, each.key, each.operation, each.effective_on, values)

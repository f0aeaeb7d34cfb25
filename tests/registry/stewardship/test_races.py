"""Many departments at once: in whatever order they come through, what is in force follows precedence in the end."""

import random
import threading
from functools import partial

from heli_registry.database import LEDGER, METADATA
from heli_shared.records.kinds import kinds_of
from heli_shared.records.verifying import verify_database
from registry.codes import code
from registry.stewardship.conftest import MARKET, SOCIAL, TAX

UNITS = (MARKET, TAX, SOCIAL)
NUMBERS = (1, 2, 3)
TURNS = 12


class Rush:
    """Departments that claim and a county that changes the order of precedence, each in a thread of its own."""

    def __init__(self, world):
        self.world, self.final, self.failures = world, {}, []
        self.key = world.steward()["id"]

    def insist(self, send):
        while (response := send()).status_code in {409, 503}:
            continue
        if response.status_code != 200:
            self.failures.append(response.text)

    def claim(self, unit):
        chance = random.Random(unit)
        for _ in range(TURNS):
            number, value = chance.choice(NUMBERS), chance.randint(1, 4)
            self.insist(partial(self.world.claim, unit, value, enterprise=code(number)))
            self.final[unit, number] = value

    def reorder(self):
        for order in ([SOCIAL, TAX], [TAX, SOCIAL], [SOCIAL, TAX]):
            path, body = f"/v1/field-stewards/{self.key}", {"precedence": order}
            self.insist(partial(self.world.registry.patch, path, body))

    def run(self):
        threads = [threading.Thread(target=self.claim, args=(unit,)) for unit in UNITS]
        threads.append(threading.Thread(target=self.reorder))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.failures == []


def test_claims_that_come_at_once_never_leave_a_value_out_of_step_with_precedence(world):
    for number in NUMBERS:
        world.enterprise(number, staff=10)
    rush = Rush(world)
    rush.run()

    for number in NUMBERS:
        values = {unit: rush.final[unit, number] for unit in UNITS if (unit, number) in rush.final}
        first = next((values[unit] for unit in (MARKET, SOCIAL, TAX) if unit in values), 10)
        assert world.value(number=number) == first
        disputes = world.disputes(enterprise=code(number), state="open")
        assert len(disputes) == (len(set(values.values())) > 1)
    proof = verify_database(world.registry.settings.database_url, LEDGER, list(kinds_of(METADATA).values()))
    assert proof.is_sound, proof

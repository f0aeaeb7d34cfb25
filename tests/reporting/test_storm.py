"""A storm of questions while data comes in and sources fail: every number is right for what it says it knows."""

import threading
from concurrent.futures import ThreadPoolExecutor

from reporting.world import TOWN_A, TOWN_B, World

ROUNDS = 12


def test_no_answer_mixes_two_states_or_hides_a_failure(world: World):
    world.statistics(measure="enterprise_count")
    base = len(world.registry.entries)
    clerks = {town: world.person(f"prn-{town}", divisions=(town,)) for town in (TOWN_A, TOWN_B)}
    stopping, answers = threading.Event(), []

    def ask(number: int) -> None:
        day = f"2026-{1 + number % 6:02d}-01"
        while not stopping.is_set():
            answers.append(world.statistics(measure="enterprise_count", by="division:town", on=day))
            answers.append(world.statistics(clerks[TOWN_B], measure="enterprise_count", on=day))

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(ask, number) for number in range(4)]
        for number in range(ROUNDS):
            world.assessment.is_down = number % 3 == 2
            world.enterprise(1000 + number, TOWN_A)
            world.sync()
        stopping.set()
        for each in asked:
            each.result()

    for answer in answers:
        passport, total = answer["passport"], answer["total"]["enterprise_count"]["value"]
        known = passport["known_at"]["registry"] - base
        everything = passport["scope"]["everything"]
        assert total == (8 + known if everything else 3)
        assert sum(row["enterprise_count"]["value"] for row in answer["rows"]) == (total if everything else 0)
        assert passport["stale"] == any(each["status"] != "fresh" for each in passport["sources"])
    assert {answer["passport"]["stale"] for answer in answers} == {True, False}
    assert len({answer["passport"]["known_at"]["registry"] for answer in answers}) > 2

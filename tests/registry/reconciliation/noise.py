"""Names made dirty as clerks' lists have them, and how many of them reconciliation still finds."""

import json
import random
import re
from collections.abc import Callable

FORMS = ("有限责任公司", "有限公司")


def wide(name: str, _chance: random.Random) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name).replace("公司", "公司 ")


def without_form(name: str, _chance: random.Random) -> str:
    for form in FORMS:
        name = name.removesuffix(form)
    return name


def with_slip(name: str, chance: random.Random) -> str:
    place = chance.randrange(2, max(3, len(name) - 4))
    return name[:place] + chance.choice("宏达新华联创东方") + name[place + 1 :]


def with_gap(name: str, chance: random.Random) -> str:
    place = chance.randrange(2, max(3, len(name) - 4))
    return name[:place] + name[place + 1 :]


def without_region(name: str, _chance: random.Random) -> str:
    return re.sub(r"^(浙江|湖北|西藏|[\u4e00-\u9fff]{2}[省市县区])", "", name)


def everything_at_once(name: str, chance: random.Random) -> str:
    return wide(with_slip(without_form(without_region(name, chance), chance), chance), chance)


NOISE: dict[str, tuple[Callable[[str, random.Random], str], float, float]] = {
    "wide": (wide, 0.98, 1.0),
    "without_form": (without_form, 0.97, 0.99),
    "with_slip": (with_slip, 0.93, 0.95),
    "with_gap": (with_gap, 0.94, 0.96),
    "without_region": (without_region, 0.95, 0.98),
    "everything_at_once": (everything_at_once, 0.9, 0.94),
}
"""How names are dirtied, and the least recall among the first and among the first five that is accepted."""


def recall(registry, sample: list[tuple[str, str]], dirty, chance) -> tuple[float, float, float]:
    """Return the shares of names found first, found among the first five, and surely matched to another record."""
    first = five = wrong = 0
    for start in range(0, len(sample), 40):
        part = sample[start : start + 40]
        queries = {key: {"query": dirty(name, chance), "limit": 5} for name, key in part}
        queries = {key: query for key, query in queries.items() if query["query"].strip()}
        answer = registry.call("POST", "/v1/reconciliation/enterprises", data={"queries": json.dumps(queries)}).json()
        for key, found in answer.items():
            keys = [each["id"] for each in found["result"]]
            first += keys[:1] == [key]
            five += key in keys
            wrong += any(each["match"] and each["id"] != key for each in found["result"])
    return first / len(sample), five / len(sample), wrong / len(sample)

"""Random rulebooks that pass the lint, and random inputs for them."""

from decimal import Decimal

SHARES = ("organization_coverage", "task_done_rate", "county_due_established_rate", "work_coverage_strict")
COUNTS = ("meetings", "trainings", "visits", "overdue_tasks", "instructors_sent", "publicity_items", "mark")


def cents(chance, low, high):
    return str(Decimal(chance.randint(low, high)) / 100)


def per_occurrence(chance, most):
    rule = {"measure": chance.choice(COUNTS), "points": cents(chance, 1, 300)}
    return rule | ({"floor": cents(chance, 0, most - 1)} if chance.random() < 0.3 else {})


def all_or_nothing(chance, _most):
    return {"measure": chance.choice(COUNTS), chance.choice(["at_least", "at_most"]): str(chance.randint(1, 6))}


def graded(chance, most):
    return {"measure": chance.choice(COUNTS), "bands": random_bands(chance, most)}


def proportional(chance, _most):
    if chance.random() < 0.5:
        return {"measure": chance.choice(SHARES), "target": str(Decimal(chance.randint(1, 10_000)) / 10_000)}
    return {"measure": chance.choice(COUNTS), "target": str(chance.randint(1, 12))}


def missing_count(chance, _most):
    target, points = str(chance.randint(1, 12)), cents(chance, 1, 300)
    return {"measure": chance.choice(COUNTS), "target": target, "points": points}


def below_threshold(chance, _most):
    rule = {"measure": chance.choice(SHARES), "threshold": cents(chance, 1, 100), "points": cents(chance, 1, 300)}
    return rule | ({"step": cents(chance, 1, 20)} if chance.random() < 0.7 else {})


def bonus_per_level(chance, _most):
    names = chance.sample(COUNTS, chance.randint(1, 3))
    return {"levels": [{"measure": name, "points": cents(chance, 1, 400)} for name in names]}


RULES = (per_occurrence, all_or_nothing, graded, proportional, missing_count, below_threshold, bonus_per_level)


def random_rule(chance, maximum):
    """Return a rule for an item with this maximum (decimal text)."""
    make = chance.choice(RULES)
    return {"kind": make.__name__} | make(chance, int(Decimal(maximum) * 100))


def random_bands(chance, most):
    cuts = sorted(chance.sample(range(1, 12), chance.randint(0, 4)))
    points = [cents(chance, 0, most) for _ in range(len(cuts) + 1)]
    points[chance.randrange(len(points))] = str(Decimal(most) / 100)
    bands = []
    for index, value in enumerate(points):
        band = {"points": value}
        if index:
            band["at_least"] = str(cuts[index - 1])
        if index < len(cuts):
            band["below"] = str(cuts[index])
        bands.append(band)
    return bands


def random_items(chance, prefix, total):
    """Return items whose maxima sum to a whole number of points."""
    size = chance.randint(1, 6)
    cuts = sorted(chance.sample(range(1, total * 100), size - 1))
    sizes = [b - a for a, b in zip([0, *cuts], [*cuts, total * 100], strict=True)]
    items = []
    for index, hundredths in enumerate(sizes):
        maximum = str(Decimal(hundredths) / 100)
        items.append(
            {
                "id": f"{prefix}-{index}",
                "title": f"第{index}项",
                "maximum": maximum,
                "basis": {"document": "试", "clause": "一"},
                "rule": random_rule(chance, maximum),
                "missing": chance.choice(["range", "zero", "full"]),
                "not_applicable": chance.choice(["zero", "full"]),
            }
        )
    return items


def random_penalty(chance, index):
    rule = {"kind": "penalty", "measure": chance.choice(COUNTS), "points": cents(chance, 1, 300)}
    if chance.random() < 0.5:
        rule["floor"] = "-" + cents(chance, 1, 900)
    missing = chance.choice(["range", "zero"]) if "floor" in rule else "zero"
    basis = {"document": "试", "clause": "二"}
    return {"id": f"pen-{index}", "title": "扣", "maximum": "0", "basis": basis, "rule": rule, "missing": missing}


def random_book(chance):
    """Return a document of the rulebook language."""
    groups = [{"id": "g1", "title": "甲", "names": ["甲"]}, {"id": "g2", "title": "乙", "otherwise": True}]
    bonus = {"id": "bonus", "title": "加分", "kind": "bonus", "items": random_items(chance, "bon", 12)}
    if chance.random() < 0.6:
        bonus["most"] = str(chance.randint(1, 12))
    penalty = {"id": "penalty", "title": "扣分", "kind": "penalty"}
    penalty["items"] = [random_penalty(chance, index) for index in range(chance.randint(1, 3))]
    if chance.random() < 0.5:
        penalty["least"] = str(-chance.randint(0, 9))
    parts = [
        {"id": "c", "title": "通用", "kind": "common", "maximum": "40", "items": random_items(chance, "com", 40)},
        *(
            {"id": g, "title": g, "kind": "own", "group": g, "maximum": "60", "items": random_items(chance, g, 60)}
            for g in ("g1", "g2")
        ),
        bonus,
        penalty,
    ]
    chance.shuffle(parts)
    return {
        "id": "random",
        "title": "随机",
        "subject_kind": "department",
        "effective_from": "2026-01-01",
        "basis": {"document": "试", "clause": ""},
        "groups": groups,
        "parts": parts,
        "grades": [
            {"title": "差", "below": "60"},
            {"title": "中", "at_least": "60", "below": "80.5"},
            {"title": "好", "at_least": "80.5"},
        ],
        "vetoes": [
            {"id": "v1", "title": "否", "basis": {"document": "试"}, "measure": "mark", "at_least": "1"},
        ],
        "caps": [
            {
                "id": "v2",
                "title": "封",
                "basis": {"document": "试"},
                "measure": "task_done_rate",
                "below": "0.3",
                "grade": "中",
            },
        ],
    }


def random_inputs(chance, keys, *, gaps=True):
    """Return a value, "missing" or "not_applicable" for each key; some keys are left out."""
    inputs = {}
    for key in keys:
        roll = chance.random()
        if gaps and roll < 0.1:
            continue
        if gaps and roll < 0.2:
            inputs[key] = chance.choice(["missing", "not_applicable"])
        elif key in SHARES:
            inputs[key] = str(Decimal(chance.randint(0, 10_000)) / 10_000)
        elif roll < 0.25:
            inputs[key] = chance.choice(["1000000000", "0.5", "2.3333"])
        else:
            inputs[key] = str(chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 40]))
    return inputs

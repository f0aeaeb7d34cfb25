"""Random rulebooks that pass the lint, and random inputs for them."""

from decimal import Decimal

SHARES = ("organization_coverage", "task_done_rate", "county_due_established_rate", "work_coverage_strict")
COUNTS = ("meetings", "trainings", "visits", "overdue_tasks", "instructors_sent", "publicity_items", "mark")
NAMED = (*COUNTS, "mark.province", "mark.city")


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
    levels = [{"measure": name, "points": cents(chance, 1, 400)} for name in chance.sample(NAMED, chance.randint(1, 3))]
    for level in levels:
        if chance.random() < 0.3:
            level |= {"beyond": str(chance.randint(1, 5)), "title": "超额"}
    return {"levels": levels}


def random_deduction(chance, name):
    found = {"measure": name, "points": cents(chance, 1, 400)}
    form = chance.choice(["each", "target", "below", "step", "at_least"])
    if form in {"below", "step"}:
        found |= {"below": cents(chance, 1, 100) if name in SHARES else str(chance.randint(1, 9))}
        return found | ({"step": cents(chance, 1, 200)} if form == "step" else {})
    if form == "target" and name not in SHARES:
        return found | {"target": str(chance.randint(1, 9))}
    return found | ({"at_least": cents(chance, 1, 100)} if form == "at_least" else {})


def deductions(chance, most):
    names = chance.sample([*NAMED, *SHARES], chance.randint(2, 4))
    found = {"of": [random_deduction(chance, name) for name in names]}
    return found | ({"floor": cents(chance, 0, most - 1)} if chance.random() < 0.3 else {})


def conversion(chance, most):
    values = sorted(chance.sample(range(60), chance.randint(2, 5)))
    points = [cents(chance, 0, most) for _ in values]
    points[chance.randrange(len(points))] = str(Decimal(most) / 100)
    knots = [{"value": str(v), "points": p} for v, p in zip(values, points, strict=True)]
    return {"measure": chance.choice([*COUNTS, "score:other"]), "knots": knots}


def ranked(chance, most):
    rule = {"measure": chance.choice(COUNTS), "ties": chance.choice(["better", "worse", "mean", "dense"])}
    rule |= {"among": chance.choice(["all", "group"]), "order": chance.choice(["most_first", "least_first"])}
    form = chance.choice(["table", "bottom", "points", "share", "in_proportion"])
    last = {"down_to": chance.randint(1, 4)} if chance.random() < 0.5 else {}
    if form == "points":
        return rule | {"points": cents(chance, 1, 300)} | last
    if form == "share":
        return rule | {"share": str(Decimal(chance.randint(1, 3000)) / 10_000)} | last
    if form == "in_proportion":
        rest = {"rest": cents(chance, 0, most)} if last and chance.random() < 0.5 else {}
        return rule | {"in_proportion": True, "order": "most_first"} | last | rest
    table = sorted((chance.randint(0, most) for _ in range(chance.randint(1, 5))), reverse=True)
    texts = [str(Decimal(each) / 100) for each in [most, *table[1:]]]
    if form == "table":
        return rule | {"table": texts, "rest": str(Decimal(chance.randint(0, table[-1])) / 100)}
    return rule | {"table": texts[::-1], "rest": texts[0], "from_bottom": True}


def scorers(chance, most):
    combine = chance.choice(["sum", "mean", "trimmed_mean", "weights", "least"])
    size = chance.randint(3, 5)
    seats = [{"id": f"s{n}", "title": f"评委{n}"} for n in range(size)]
    if combine == "sum":
        size = min(size, most)
        cuts = [0, *sorted(chance.sample(range(1, most), size - 1)), most]
        for seat, low, high in zip(seats, cuts, cuts[1:], strict=False):
            seat["maximum"] = str(Decimal(high - low) / 100)
        seats = seats[:size]
    if combine == "weights":
        for seat in seats:
            seat["weight"] = cents(chance, 1, 9999)
    return {"combine": combine, "scale": chance.choice(["10", "12.5", "100"]), "scorers": seats}


def sampled(chance, _most):
    return {
        "population": chance.choice(["townships", "contact_points", "enterprises"]),
        "draw": chance.randint(1, 4),
        "combine": chance.choice(["mean", "least"]),
        "scale": chance.choice(["5", "100"]),
    }


RULES = (per_occurrence, all_or_nothing, graded, proportional, missing_count, below_threshold, bonus_per_level)
MORE_RULES = (*RULES, conversion, ranked, scorers, sampled, deductions)


def random_rule(chance, maximum, rules=MORE_RULES):
    """Return a rule for an item with this maximum (decimal text)."""
    make = chance.choice(rules)
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
        roll = chance.random()
        if roll < 0.2:
            items[-1]["window"] = chance.choice(["q1", "h2", "m11"])
        elif roll < 0.35 and items[-1]["rule"]["kind"] != "sampled" and "score:" not in str(items[-1]["rule"]):
            items[-1]["each"] = chance.choice(["month", "quarter", "half_year"])
    return items


def inside_part(chance, prefix, worth, **more):
    """Return a common or own part: as it is, scaled, with items that may be left out, or shared out over quarters."""
    part = {"id": prefix, "title": prefix, "maximum": str(worth)} | more
    form = chance.choice(["plain", "scaled", "excluded", "windows", "mean_of"])
    raw = chance.choice([worth - 7, worth + 13, worth * 3]) if form in {"scaled", "windows", "mean_of"} else worth
    items = random_items(chance, prefix, raw)
    if form in {"windows", "mean_of"}:
        names = chance.sample(["q1", "q2", "q3", "q4", "h1"], 3)
        items = []
        for name in names:
            items += [item | {"window": name} for item in random_items(chance, f"{prefix}-{name}", raw)]
        for item in items:
            item.pop("each", None)
        chance.shuffle(items)
    if form == "mean_of":
        part["mean_of"] = names
    if form == "windows":
        shares = [Decimal(worth) / 4, Decimal(worth) / 2, Decimal(worth) / 4]
        part["windows"] = [{"window": n, "maximum": str(m)} for n, m in zip(names, shares, strict=True)]
    if form in {"excluded", "windows", "mean_of"}:
        for item in items:
            item["not_applicable"] = chance.choice(["excluded", "excluded", "zero", "full"])
    if raw != worth:
        part["scaled_from"] = str(raw)
    return part | {"items": items}


def random_penalty(chance, index):
    basis = {"document": "试", "clause": "二"}
    item = {"id": f"pen-{index}", "title": "扣", "maximum": "0", "basis": basis}
    form = chance.choice(["penalty", "penalty", "graded", "conversion", "ranked", "deductions"])
    if form == "deductions":
        rule = {"kind": "deductions", "floor": "-" + cents(chance, 1, 900)}
        rule["of"] = [random_deduction(chance, name) for name in chance.sample(NAMED, 2)]
        return item | {"rule": rule, "missing": chance.choice(["range", "zero", "full"])}
    if form == "graded":
        bands = [{"below": "2", "points": "0"}, {"at_least": "2", "points": "-" + cents(chance, 1, 400)}]
        rule = {"kind": "graded", "measure": chance.choice(COUNTS), "bands": bands}
        return item | {"rule": rule, "missing": chance.choice(["range", "zero"])}
    if form == "conversion":
        knots = [{"value": "0.2", "points": "-" + cents(chance, 1, 400)}, {"value": "0.95", "points": "0"}]
        rule = {"kind": "conversion", "measure": chance.choice(SHARES), "knots": knots}
        return item | {"rule": rule, "missing": chance.choice(["range", "zero"])}
    if form == "ranked":
        rule = {"kind": "ranked", "measure": chance.choice(COUNTS), "ties": chance.choice(["better", "mean", "worse"])}
        rule |= {"from_bottom": True, "table": ["-2", "-1.9", "-1.8"]}
        return item | {"rule": rule, "missing": chance.choice(["range", "zero"])}
    rule = {"kind": "penalty", "measure": chance.choice(COUNTS), "points": cents(chance, 1, 300)}
    if chance.random() < 0.5:
        rule["floor"] = "-" + cents(chance, 1, 900)
    return item | {"rule": rule, "missing": chance.choice(["range", "zero"]) if "floor" in rule else "zero"}


def random_quota(chance):
    quota = {"ties": chance.choice(["keep", "lose"]), "among": chance.choice(["all", "group"])}
    if chance.random() < 0.4:
        return quota | {"count": chance.randint(0, 6)}
    return quota | {"share": cents(chance, 1, 60), "rounding": chance.choice(["down", "up", "half_up"])}


def random_grades(chance, *, by_stars):
    low, high = ("1", "3") if by_stars else ("60", "80.5")
    grades = [{"title": "差", "below": low}, {"title": "中", "at_least": low, "below": high}]
    grades.append({"title": "好", "at_least": high})
    for grade in grades[1:]:
        if chance.random() < 0.5:
            grade["quota"] = random_quota(chance)
    return grades


def random_bound(chance, most):
    return {chance.choice(["at_least", "below"]): cents(chance, 1, most)}


def is_plain(part):
    """Say whether the items of a part count as they are."""
    bounds = {"scaled_from", "windows", "mean_of", "most", "least"}
    return not bounds & set(part) and all(item.get("not_applicable") != "excluded" for item in part["items"])


def random_limits(chance, parts):
    """Return vetoes and caps on measures, on points of items, of a part, of the whole, and on an item's mark."""
    basis = {"document": "试"}
    veto = {"id": "v1", "title": "否", "basis": basis, "measure": "mark", "at_least": "1"}
    if chance.random() < 0.5:
        veto["look_back"] = 24
    if chance.random() < 0.3:
        veto["grade"] = "差"
    caps = [{"id": "v2", "title": "封", "basis": basis, "measure": "task_done_rate", "below": "0.3", "grade": "中"}]
    items = [item for part in parts for item in part["items"]]
    plain = {id_ for part in parts if is_plain(part) for id_ in (part["id"], *(item["id"] for item in part["items"]))}
    for n, id_ in enumerate([chance.choice(items)["id"], chance.choice(["com", "bonus", "g1"]), "random"]):
        cap = {"id": f"v{3 + n}", "title": "封", "basis": basis, "item": id_} | random_bound(chance, 8000)
        if id_ in {*plain, "random"} and chance.random() < 0.6:
            cap["running"] = chance.randint(2, 3)
        caps.append(cap | chance.choice([{"grade": "中"}, {"most": "55.5"}, {"most": "70", "grade": "差"}]))
    marked = [item["id"] for item in items if item["rule"].get("measure") == "mark" and "each" not in item]
    if marked:
        cap = {"id": "v6", "title": "封", "basis": basis, "item": marked[0], "measure": "mark", "most": "40"}
        caps.append(cap | {"below": "2"})
    chance.shuffle(caps)
    return [veto], caps


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
        inside_part(chance, "com", 40, kind="common"),
        *(inside_part(chance, g, 60, kind="own", group=g) for g in ("g1", "g2")),
        bonus,
        penalty,
    ]
    chance.shuffle(parts)
    by_stars = chance.random() < 0.3
    vetoes, caps = random_limits(chance, parts)
    book = {
        "id": "random",
        "title": "随机",
        "subject_kind": "department",
        "effective_from": "2026-01-01",
        "basis": {"document": "试", "clause": ""},
        "groups": groups,
        "parts": parts,
        "grades": random_grades(chance, by_stars=by_stars),
        "vetoes": vetoes,
        "caps": caps,
    }
    if by_stars:
        items = [item["id"] for item in parts[0]["items"]]
        book["stars"] = {"passed": "0.85", "of": ["com", "g1", "bonus", *items[:2]]}
    if chance.random() < 0.5:
        book["tie_break"] = chance.sample(["com", "bonus", parts[1]["items"][0]["id"]], 2)
    return book


def random_inputs(chance, keys, *, gaps=True):
    """Return a value, "missing" or "not_applicable" for each key; some keys are left out."""
    inputs = {}
    for key in keys:
        roll = chance.random()
        if gaps and roll < 0.1:
            continue
        if gaps and roll < 0.2:
            inputs[key] = chance.choice(["missing", "not_applicable"])
        elif key.startswith(("score:random@", "points:")):
            inputs[key] = cents(chance, 0, 8000)
        elif key.partition("@")[0] in SHARES:
            inputs[key] = str(Decimal(chance.randint(0, 10_000)) / 10_000)
        elif roll < 0.25:
            inputs[key] = chance.choice(["1000000000", "0.5", "2.3333"])
        else:
            inputs[key] = str(chance.choice([0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 12, 40]))
    return inputs

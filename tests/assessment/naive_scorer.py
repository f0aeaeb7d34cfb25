"""A second scorer that shares no code with the product: plain Python on the parsed document, fractions for numbers."""

from fractions import Fraction
from math import ceil, floor


def number(value):
    return Fraction(str(value))


def rounded(points):
    return Fraction(floor(points * 100 + Fraction(1, 2)), 100)


def graded(rule, value):
    return next(number(b["points"]) for b in rule["bands"] if "below" not in b or value < number(b["below"]))


def all_or_nothing(rule, maximum, value):
    met = value >= number(rule["at_least"]) if "at_least" in rule else value <= number(rule["at_most"])
    return maximum if met else Fraction(0)


def below_threshold(rule, maximum, value):
    short = number(rule["threshold"]) - value
    steps = ceil(short / number(rule["step"])) if "step" in rule else 1
    return maximum if short <= 0 else maximum - steps * number(rule["points"])


def each(rule, value):
    return rounded(number(rule["points"]) * value)


RAW_POINTS = {
    "per_occurrence": lambda rule, maximum, values: maximum - each(rule, values[0]),
    "all_or_nothing": lambda rule, maximum, values: all_or_nothing(rule, maximum, values[0]),
    "graded": lambda rule, _, values: graded(rule, values[0]),
    "proportional": lambda rule, maximum, values: rounded(maximum * min(values[0] / number(rule["target"]), 1)),
    "missing_count": lambda rule, maximum, values: maximum - each(rule, max(number(rule["target"]) - values[0], 0)),
    "below_threshold": lambda rule, maximum, values: below_threshold(rule, maximum, values[0]),
    "bonus_per_level": lambda rule, _, values: sum(map(each, rule["levels"], values)),
    "penalty": lambda rule, _, values: -each(rule, values[0]),
}


def bounds(item):
    rule, maximum = item["rule"], number(item["maximum"])
    if rule["kind"] == "penalty":
        return (number(rule["floor"]) if "floor" in rule else None), maximum
    return number(rule.get("floor", 0)), maximum


def measures_of(item):
    rule = item["rule"]
    names = [level["measure"] for level in rule["levels"]] if rule["kind"] == "bonus_per_level" else [rule["measure"]]
    return [f"mark:{item['id']}" if name == "mark" else name for name in names]


def score_item(item, inputs):
    """Return (low, high) of one item; inputs are numbers, "missing" or "not_applicable"."""
    maximum = number(item["maximum"])
    least, most = bounds(item)
    cells = [inputs.get(name, "missing") for name in measures_of(item)]
    if "missing" in cells:
        policy = item["missing"]
        return {"range": (least, most), "zero": (Fraction(0),) * 2, "full": (maximum,) * 2}[policy]
    if all(cell == "not_applicable" for cell in cells):
        points = maximum if item.get("not_applicable", "full") == "full" else Fraction(0)
        return points, points
    values = [Fraction(0) if cell == "not_applicable" else number(cell) for cell in cells]
    points = RAW_POINTS[item["rule"]["kind"]](item["rule"], maximum, values)
    points = min(points, most)
    if least is not None:
        points = max(points, least)
    return points, points


def counted(part, points):
    """Let items count in order until the part's bound is reached."""
    result, earned, before = [], Fraction(0), Fraction(0)
    for each in points:
        earned += each
        upto = earned
        if "most" in part:
            upto = min(upto, number(part["most"]))
        if "least" in part:
            upto = max(upto, number(part["least"]))
        result.append(upto - before)
        before = upto
    return result


def score_subject(book, group, inputs):
    """Return item points by id, low, high and grade ("none" when disqualified)."""
    points, low, high = {}, Fraction(0), Fraction(0)
    for part in book["parts"]:
        if part["kind"] == "own" and part["group"] != group:
            continue
        pairs = [score_item(item, inputs) for item in part["items"]]
        lows = counted(part, [pair[0] for pair in pairs])
        highs = counted(part, [pair[1] for pair in pairs])
        points |= {item["id"]: value for item, value in zip(part["items"], lows, strict=True)}
        low, high = low + sum(lows), high + sum(highs)
    return points, low, high, grade_of(book, low, inputs)


def grade_of(book, score, inputs):
    names = [grade["title"] for grade in book["grades"]]
    index = next(i for i, g in enumerate(book["grades"]) if "below" not in g or score < number(g["below"]))
    for limit in book.get("vetoes", []) + book.get("caps", []):
        name = f"mark:{limit['id']}" if limit["measure"] == "mark" else limit["measure"]
        value = inputs.get(name, "missing")
        if isinstance(value, str) and value in {"missing", "not_applicable"}:
            continue
        value = number(value)
        if value >= number(limit["at_least"]) if "at_least" in limit else value < number(limit["below"]):
            index = min(index, names.index(limit["grade"]) if "grade" in limit else -1)
    return "none" if index < 0 else names[index]

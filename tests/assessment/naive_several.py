"""Rules of the naive scorer on several inputs, some of which may be missing: several deductions, levels of a bonus."""

from fractions import Fraction
from math import ceil, inf

from assessment.naive_numbers import number, rounded


def cost(deduction, value):
    points = number(deduction["points"])
    if "target" in deduction:
        return rounded(points * max(number(deduction["target"]) - value, 0))
    if "below" in deduction:
        short = number(deduction["below"]) - value
        return Fraction(0) if short <= 0 else points * (ceil(short / number(deduction.get("step", short))))
    if "at_least" in deduction:
        return points if value >= number(deduction["at_least"]) else Fraction(0)
    return rounded(points * value)


def worst_cost(deduction):
    """Return what a value that nobody knows may cost at most."""
    if "target" in deduction or "below" in deduction:
        return cost(deduction, Fraction(0))
    return number(deduction["points"]) if "at_least" in deduction else inf


def gain(level, value):
    return rounded(number(level["points"]) * max(value - number(level.get("beyond", 0)), 0))


def several_item(item, cells):
    """Return (low, high); what is missing gives its least or its most, what is not applicable nothing."""
    rule, maximum = item["rule"], number(item["maximum"])
    pairs = list(zip(rule.get("of") or rule["levels"], cells, strict=True))
    known = [(each, number(cell)) for each, cell in pairs if cell not in {"missing", "not_applicable"}]
    unknown = [each for each, cell in pairs if cell == "missing"]
    if rule["kind"] == "deductions":
        floor = number(rule.get("floor", 0))
        sure = sum(cost(each, value) for each, value in known)
        most = maximum - sure
        least = maximum - sure - sum(map(worst_cost, unknown))
    else:
        floor = Fraction(0)
        least = sum(gain(each, value) for each, value in known)
        most = inf if unknown else least
    low, high = (min(max(each, floor), maximum) for each in (least, most))
    return {"range": (low, high), "zero": (low, low), "full": (high, high)}[item["missing"]]

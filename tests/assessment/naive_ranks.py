"""Ranks, quotas and ranked items of the naive scorer: by comparing everybody with everybody."""

from fractions import Fraction
from math import ceil, floor

from assessment.naive_numbers import number, rounded


def ranked_item(item, value, cells):
    """Return the least and the most points of a value among the values of others."""
    known = [number(cell) for cell in cells if cell not in {"missing", "not_applicable"}]
    unknown = cells.count("missing") if item["missing"] == "range" else 0
    rule, maximum = item["rule"], number(item["maximum"])
    best = max([value, *known])
    share = rounded(maximum * value / best) if best else Fraction(0)
    sign = 1 if rule.get("order", "most_first") == "most_first" else -1
    if rule.get("from_bottom"):
        sign = -sign
    before = [other for other in known if sign * other > sign * value]
    ahead = len(set(before)) if rule["ties"] == "dense" else len(before)
    same = known.count(value)
    shares = [Fraction(0), share] if unknown else [share]
    found = [points_at(rule, maximum, ahead + shift, same, each) for shift in (0, unknown) for each in shares]
    return min(found), max(found)


def points_at(rule, maximum, ahead, same, share):
    if rule["ties"] == "mean":
        taken = [points_of_place(rule, maximum, ahead + n, share) for n in range(same + 1)]
        return rounded(sum(taken) / len(taken))
    return points_of_place(rule, maximum, ahead + (same if rule["ties"] == "worse" else 0), share)


def points_of_place(rule, maximum, ahead, share):
    """Return the points of a place; `share` is what the value gives in proportion to the first."""
    if ahead >= int(rule.get("down_to", ahead + 1)):
        return number(rule.get("rest", 0))
    if rule.get("in_proportion"):
        return share
    if "points" in rule:
        return max(maximum - ahead * number(rule["points"]), Fraction(0))
    if "share" in rule:
        return rounded(maximum * max(1 - ahead * number(rule["share"]), Fraction(0)))
    return number(rule["table"][ahead] if ahead < len(rule["table"]) else rule.get("rest", 0))


def order_keys(book, results):
    """Return what orders subjects: the score, then the points of each tie-break."""
    members = {part["id"]: [item["id"] for item in part["items"]] for part in book["parts"]}

    def total(points, id_):
        return sum(points.get(item, 0) for item in members.get(id_, [id_]))

    return [(low, *(total(points, id_) for id_ in book.get("tie_break", []))) for points, low, _, _ in results]


def rank_of_each(book, results):
    """Return competition ranks; None for the disqualified."""
    keys = order_keys(book, results)
    counted = [key for key, result in zip(keys, results, strict=True) if result[3] != "none"]
    return [
        None if result[3] == "none" else 1 + sum(other > key for other in counted)
        for key, result in zip(keys, results, strict=True)
    ]


ROUNDINGS = {"down": floor, "up": ceil, "half_up": lambda places: floor(places + Fraction(1, 2))}


def grades_after_quotas(book, groups, results):
    titles, keys = [grade["title"] for grade in book["grades"]], order_keys(book, results)
    grades = [result[3] for result in results]
    for index in range(len(titles) - 1, 0, -1):
        quota = book["grades"][index].get("quota")
        if quota is None:
            continue
        for group in set(groups) if quota.get("among") == "group" else {None}:
            everybody = [i for i, g in enumerate(groups) if group in {None, g} and grades[i] != "none"]
            inside = sorted((i for i in everybody if grades[i] == titles[index]), key=lambda i: keys[i], reverse=True)
            places = quota.get("count")
            if places is None:
                places = ROUNDINGS[quota.get("rounding", "down")](number(quota["share"]) * len(everybody))
            places = int(places)
            for at, i in enumerate(inside):
                if len(inside) <= places:
                    break
                tied_in = quota["ties"] == "keep" and places > 0 and keys[i] == keys[inside[places - 1]]
                tied_out = quota["ties"] == "lose" and keys[i] == keys[inside[places]]
                if (at >= places and not tied_in) or tied_out:
                    grades[i] = titles[index - 1]
    return grades

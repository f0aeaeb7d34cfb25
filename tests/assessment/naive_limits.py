"""Vetoes and caps of the naive scorer: on measures, on points that may not be known yet, over several years."""

from assessment.naive_numbers import number

NO, YES, OPEN = "no", "yes", "open"


def met(limit, value):
    return value >= number(limit["at_least"]) if "at_least" in limit else value < number(limit["below"])


def on_input(limit, key, inputs):
    value = inputs.get(key, "missing")
    if value in {"missing", "not_applicable"}:
        return OPEN if value == "missing" else NO
    return YES if met(limit, number(value)) else NO


def on_points(limit, low, high):
    ends = {met(limit, low), met(limit, high)}
    return OPEN if len(ends) == 2 else YES if ends == {True} else NO


def verdict(book, limit, whole, inputs, raw, gained):
    key = key_of_limit(limit)
    if key is not None:
        found = [on_input(limit, key, inputs)]
    elif limit["item"] == book["id"]:
        key, found = f"score:{book['id']}", [on_points(limit, *whole)]
    else:
        key = f"points:{limit['item']}"
        ids = [
            item["id"]
            for part in book["parts"]
            for item in part["items"]
            if limit["item"] in {part["id"], item["id"]} and item["id"] in raw
        ]
        low, high = (sum(raw[id_][n] for id_ in ids) for n in (0, 1))
        found = [on_points(limit, low, high) if any(id_ in gained for id_ in ids) else NO]
    found += [on_input(limit, f"{key}@{back}y", inputs) for back in range(1, int(limit.get("running", 1)))]
    return NO if NO in found else OPEN if OPEN in found else YES


def key_of_limit(limit):
    if "measure" not in limit:
        return None
    owner = limit.get("item", limit["id"])
    key = limit["measure"].replace("mark", f"mark:{owner}", 1)
    return key + (f"@{limit['look_back']}m" if "look_back" in limit else "")


def held(book, low, high, *, inputs, raw, gained):
    """Return the scores that caps leave, and the verdict on each veto and cap with what it does to the grade."""
    told, whole = [], (low, high)
    for kind in ("vetoes", "caps"):
        for limit in book.get(kind, []):
            found = verdict(book, limit, whole, inputs, raw, gained)
            told.append((kind, limit, found))
            if "most" in limit and found != NO:
                low = min(low, number(limit["most"]))
            if "most" in limit and found == YES:
                high = min(high, number(limit["most"]))
    return low, high, told


def grade_under(book, score, verdicts):
    """Return the grade of a score, "none" for who is disqualified."""
    names = [grade["title"] for grade in book["grades"]]
    index = next(i for i, g in enumerate(book["grades"]) if "below" not in g or score < number(g["below"]))
    for kind, limit, found in verdicts:
        if found == YES and ("grade" in limit or kind == "vetoes"):
            index = min(index, names.index(limit["grade"]) if "grade" in limit else -1)
    return "none" if index < 0 else names[index]

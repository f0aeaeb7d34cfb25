"""A second scorer that shares no code with the product: plain Python on the parsed document, fractions for numbers."""

import itertools
from fractions import Fraction
from math import ceil

from assessment.naive_limits import grade_under, held
from assessment.naive_numbers import number, rounded
from assessment.naive_ranks import ranked_item
from assessment.naive_several import several_item


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


def converted(rule, value):
    knots = [(number(knot["value"]), number(knot["points"])) for knot in rule["knots"]]
    if value <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(knots):
        if value <= x1:
            return rounded(y0 + (value - x0) * (y1 - y0) / (x1 - x0))
    return knots[-1][1]


RAW_POINTS = {
    "per_occurrence": lambda rule, maximum, values: maximum - each(rule, values[0]),
    "all_or_nothing": lambda rule, maximum, values: all_or_nothing(rule, maximum, values[0]),
    "graded": lambda rule, _, values: graded(rule, values[0]),
    "proportional": lambda rule, maximum, values: rounded(maximum * min(values[0] / number(rule["target"]), 1)),
    "missing_count": lambda rule, maximum, values: maximum - each(rule, max(number(rule["target"]) - values[0], 0)),
    "below_threshold": lambda rule, maximum, values: below_threshold(rule, maximum, values[0]),
    "penalty": lambda rule, _, values: -each(rule, values[0]),
    "conversion": lambda rule, _, values: converted(rule, values[0]),
}


def bounds(item):
    rule, maximum = item["rule"], number(item["maximum"])
    if rule["kind"] == "penalty":
        return (number(rule["floor"]) if "floor" in rule else None), maximum
    listed = rule.get("bands", []) + rule.get("knots", [])
    listed = [number(each["points"]) for each in listed] + [number(p) for p in rule.get("table", [])]
    return (min(0, number(rule.get("rest", 0)), *listed) if listed else number(rule.get("floor", 0))), maximum


def names_of(rule):
    """Return the measures of a rule, in order."""
    if rule["kind"] in {"scorers", "sampled"}:
        ids = [seat["id"] for seat in rule.get("scorers", [])] or [str(n + 1) for n in range(rule.get("draw", 0))]
        return [f"mark.{id_}" for id_ in ids]
    listed = rule.get("levels") or rule.get("of") or [rule]
    return [each["measure"] for each in listed]


TURNS = {
    "month": [f"m{n:02d}" for n in range(1, 13)],
    "quarter": ["q1", "q2", "q3", "q4"],
    "half_year": ["h1", "h2"],
}


def measures_of(item, turn=None):
    """Return the input keys of an item, of one of its windows where it is read window by window."""
    keys = []
    for name in names_of(item["rule"]):
        is_mark = name == "mark" or name.startswith("mark.")
        key = name.replace("mark", f"mark:{item['id']}", 1) if is_mark else name
        if turn is not None:
            key += f"@{turn}"
        elif "window" in item and not is_mark and not name.startswith("score:"):
            key += f"@{item['window']}"
        keys.append(key)
    return keys


def keys_of(item):
    """Return every input key of an item."""
    return [key for turn in TURNS.get(item.get("each"), [None]) for key in measures_of(item, turn)]


def panel_points(item, cells):
    """Return the points of marks; None stands for what is not applicable."""
    rule, maximum = item["rule"], number(item["maximum"])
    scale, combine = number(rule.get("scale", 100)), rule.get("combine", "mean")
    seats = rule.get("scorers") or [{}] * rule["draw"]
    marks = []
    for seat, cell in zip(seats, cells, strict=True):
        full = number(seat["maximum"]) if combine == "sum" else scale
        if cell is not None:
            marks.append((min(max(cell, Fraction(0)), full), full, number(seat.get("weight", 1))))
    if combine == "least":
        return rounded(maximum * min(mark for mark, _, _ in marks) / scale)
    if combine == "trimmed_mean":
        drop = int(rule.get("drop", 1))
        marks.sort(key=lambda mark: mark[0])
        marks = marks[drop:-drop] if len(marks) > 2 * drop else marks
    return rounded(maximum * sum(m * w for m, _, w in marks) / sum(f * w for _, f, w in marks))


def panel_item(item, cells):
    seats = item["rule"].get("scorers") or [{}] * len(cells)
    scale = number(item["rule"].get("scale", 100))
    full = [number(seat.get("maximum", scale)) for seat in seats]

    def filled(use_full):
        known = []
        for cell, most in zip(cells, full, strict=True):
            if cell == "missing":
                known.append(most if use_full else Fraction(0))
            else:
                known.append(None if cell == "not_applicable" else number(cell))
        return panel_points(item, known)

    low, high = filled(use_full=False), filled(use_full=True)
    return {"range": (low, high), "zero": (low, low), "full": (high, high)}[item["missing"]]


def score_item(item, inputs, others=()):
    """Return (low, high) of one item; inputs are numbers, "missing" or "not_applicable"."""
    found = []
    for turn in TURNS.get(item.get("each"), [None]):
        keys = measures_of(item, turn)
        cells = [inputs.get(key, "missing") for key in keys]
        if any(cell != "not_applicable" for cell in cells):
            found.append(score_once(item, cells, [each.get(keys[0], "missing") for each in others]))
    if not found:
        points = number(item["maximum"]) if item.get("not_applicable", "full") == "full" else Fraction(0)
        return points, points
    if "each" not in item:
        return found[0]
    return tuple(rounded(sum(pair[n] for pair in found) / len(found)) for n in (0, 1))


def score_once(item, cells, rivals):
    """Return (low, high) of the inputs of an item, not all of them not applicable."""
    kind, maximum = item["rule"]["kind"], number(item["maximum"])
    if kind in {"scorers", "sampled"}:
        return panel_item(item, cells)
    if kind in {"deductions", "bonus_per_level"}:
        return several_item(item, cells)
    least, most = bounds(item)
    if "missing" in cells:
        policy = item["missing"]
        return {"range": (least, most), "zero": (Fraction(0),) * 2, "full": (maximum,) * 2}[policy]
    value = number(cells[0])
    if kind == "ranked":
        return ranked_item(item, value, rivals)
    points = min(RAW_POINTS[kind](item["rule"], maximum, [value]), most)
    points = points if least is None else max(points, least)
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


def is_not_applicable(item, inputs):
    return all(inputs.get(key, "missing") == "not_applicable" for key in keys_of(item))


def is_excluded(item, inputs):
    return item.get("not_applicable") == "excluded" and is_not_applicable(item, inputs)


def scaled(part, inputs, points):
    """Bring the items of a part, or of each of its windows, to what it is worth; or the mean of windows."""
    if part["kind"] not in {"common", "own"}:
        return points
    result = dict(points)
    for window, worth in slices_of(part).items():
        items = [item for item in part["items"] if window is None or item.get("window") == window]
        whole = sum(number(item["maximum"]) for item in items if not is_excluded(item, inputs))
        sofar, before = Fraction(0), Fraction(0)
        for item in items:
            sofar += Fraction(0) if is_excluded(item, inputs) else points[item["id"]]
            upto = rounded(sofar * number(worth) / whole) if whole else Fraction(0)
            if not whole and item is items[-1]:
                upto = number(worth)
            result[item["id"]] = upto - before
            before = upto
    if "mean_of" in part:
        sofar, before = Fraction(0), Fraction(0)
        for item in part["items"]:
            sofar += result[item["id"]]
            upto = rounded(sofar / len(part["mean_of"]))
            result[item["id"]] = upto - before
            before = upto
    return result


def slices_of(part):
    if "mean_of" in part:
        return dict.fromkeys(part["mean_of"], part["maximum"])
    return {each["window"]: each["maximum"] for each in part.get("windows", [])} or {None: part["maximum"]}


def score_subject(book, group, inputs, others=()):
    """Return item points by id, low, high and grade ("none" when disqualified); `others` are (group, inputs)."""
    points, low, high, raw, applies = {}, Fraction(0), Fraction(0), {}, set()
    for part in book["parts"]:
        if part["kind"] == "own" and part["group"] != group:
            continue
        peers = [each for peer, each in others if part["kind"] != "own" or peer == group]
        mates = [each for peer, each in others if peer == group]
        pairs = {}
        for item in part["items"]:
            near = mates if item["rule"].get("among") == "group" else peers
            pairs[item["id"]] = score_item(item, inputs, near)
        raw |= pairs
        applies |= {item["id"] for item in part["items"] if not is_not_applicable(item, inputs)}
        lows, highs = (scaled(part, inputs, {id_: pair[n] for id_, pair in pairs.items()}) for n in (0, 1))
        lows, highs = (counted(part, [each[item["id"]] for item in part["items"]]) for each in (lows, highs))
        points |= {item["id"]: value for item, value in zip(part["items"], lows, strict=True)}
        low, high = low + sum(lows), high + sum(highs)
    gained = {id_: pair for id_, pair in raw.items() if id_ in applies}
    low, high, verdicts = held(book, low, high, inputs=inputs, raw=raw, gained=gained)
    by = stars_of(book, {id_: pair[0] for id_, pair in raw.items()}) if "stars" in book else low
    return points, low, high, grade_under(book, by, verdicts)


def stars_of(book, raw):
    stars = 0
    for id_ in book["stars"]["of"]:
        items = [item for part in book["parts"] for item in part["items"] if id_ in {part["id"], item["id"]}]
        ours = [item for item in items if item["id"] in raw]
        whole = sum(number(item["maximum"]) for item in ours)
        stars += bool(ours) and sum(raw[item["id"]] for item in ours) >= whole * number(book["stars"]["passed"])
    return stars

"""A map that keeps every day: where everything stood, and where each spot of each day lies by today's map."""

from datetime import date, timedelta

FIRST, TODAY = date(2026, 1, 1), date(2026, 7, 1)
DAYS = [FIRST + timedelta(days=number) for number in range((TODAY - FIRST).days + 1)]


class Line:
    """What one thing says on every single day; a word that is said on a day holds until the next word."""

    def __init__(self, first: date, value):
        self.said = {first}
        self.on = {day: value if day >= first else None for day in DAYS}

    def say(self, day: date, value):
        until = min((each for each in self.said if each > day), default=date.max)
        self.on.update({each: value for each in DAYS if day <= each < until})
        self.said.add(day)


class NaiveMap:
    """Things that stand at nodes, nodes that stand below nodes; both are kept for each day, and followed to today."""

    def __init__(self):
        self.place = {}
        self.parent = {}
        self.stands = {}
        self.closings = []
        self.now = {}
        self.landed = {}
        self.left_at = {}
        self.gone_again = 0

    def found(self, node, day, parent):
        """Let a node stand from a day on."""
        self.parent[node], self.stands[node] = Line(day, parent), Line(day, True)

    def settle(self, key, day, place):
        """Put a thing somewhere from a day on."""
        line = self.place.setdefault(key, Line(day, None))
        before = dict(line.on)
        line.say(day, place)
        for each in DAYS:
            if line.on[each] != before[each] or (each >= day and line.on[each] == place):
                self.now[key, each], self.landed[key, each] = line.on[each], each

    def hang(self, node, day, parent):
        """Put a node below another from a day on."""
        if self.parent[node].on[day] != parent:
            self.parent[node].say(day, parent)

    def stands_from(self, node, day):
        """Say whether a node stands on a day and was never closed later."""
        return self.stands[node].on[day] and not any(who == node and when > day for who, when in self.closings)

    def standing(self, day):
        """Return the nodes that stand on a day and ever since."""
        return [node for node in self.parent if self.stands_from(node, day)]

    def is_below(self, node, top, day):
        """Say whether a node is another, or stands below it on a day or later."""
        return any(top in self.above(node, each) for each in DAYS if each >= day)

    def above(self, node, day):
        """Return a node and everything above it on a day."""
        found = []
        while node is not None and node not in found:
            found.append(node)
            node = self.parent[node].on[day] if node in self.parent else None
        return found

    def pointing(self, node, day):
        """Return the things and the nodes that stand in a node on a day or come to it later."""
        return [
            [key for key, line in lines.items() if any(line.on[each] == node for each in DAYS if each >= day)]
            for lines in (self.place, self.parent)
        ]

    def redraw(self, node, day, choice, rest, parts=()):
        """Close a node: what stands in it then or later goes to its choice, or to the rest.

        A spot of an earlier day goes where its thing went, or to the part in which the thing stands by then.
        """
        for lines in (self.place, self.parent):
            for key, line in lines.items():
                stood = line.on[day] == node
                if stood:
                    line.said.add(day)
                was = dict(line.on)
                line.on.update({each: choice.get(key, rest) for each in DAYS if each >= day and was[each] == node})
                if lines is self.place:
                    self._follow(node, key, day, was, choice, rest, parts)
        self.stands[node].say(day, False)
        self.closings.append((node, day))

    def _follow(self, node, key, day, was, choice, rest, parts):
        for each in DAYS:
            if self.now.get((key, each)) != node:
                continue
            landed = max(self.landed[key, each], day)
            part = choice.get(key, rest) if was[landed] == node else was[landed] if was[landed] in parts else rest
            if part is None:
                self.left_at[key, each] = node
                continue
            self.gone_again += self.left_at.pop((key, each), None) == node
            self.now[key, each], self.landed[key, each] = part, landed

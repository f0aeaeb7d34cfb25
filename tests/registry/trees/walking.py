"""Random changes of a tree, made in the registry and in a naive map alike."""

import random
from collections import Counter
from datetime import date

from registry.trees.naive_map import DAYS, FIRST, TODAY, Line, NaiveMap


class Walk:
    """A walk over one tree: each subclass says what its steps are and what its nodes are called."""

    plural = ""
    things = ""
    words = ()
    named_throughout = 0.3
    """How many of the splits name everything and have no part for the rest."""

    def __init__(self, county, seed):
        self.county, self.chance, self.map = county, random.Random(seed), NaiveMap()
        self.done = Counter()
        self.made = 0
        self.open = {}

    def day(self):
        return self.chance.choice(DAYS[1:])

    def make_steps(self, number):
        """Take steps until so many were possible; a step that should be is never refused."""
        while self.done.total() < number:
            name = self.chance.choice(self.words)
            answer = getattr(self, name)(self.day())
            if answer is not None:
                assert answer.status_code == 200, (name, answer.text)
                self.done[name] += 1

    def some_days(self):
        """Return the first of each month and a few other days."""
        return [*(date(2026, month, 1) for month in range(1, 8)), *self.chance.sample(DAYS, 3)]

    def choose(self, nodes):
        """Return some of these nodes among which merges and splits are possible: all of them, or one level."""
        return nodes

    def new_key(self, _source):
        self.made += 1
        return f"new-{self.made}"

    def merge(self, day):
        nodes = self.choose(self.map.standing(day))
        if len(nodes) < 2:
            return None
        source, target = self.chance.sample(nodes, 2)
        if self.map.is_below(target, source, day):
            return None
        self.take_over(source, day, target)
        self.map.redraw(source, day, {}, target)
        return self.act(source, "merge", day, {"into": target, "reason": "撤并"})

    def split(self, day):
        nodes = self.choose(self.map.standing(day))
        if not nodes:
            return None
        source = self.chance.choice(nodes)
        parent = self.map.parent[source].on[day]
        if parent is not None and self.map.is_below(parent, source, day):
            return None
        old = [each for each in nodes if each != source and not self.map.is_below(each, source, day)]
        parts = [self.chance.choice(old) if old and self.chance.random() < 0.3 else self.new_key(source)]
        parts.append(self.new_key(source))
        things, below = self.map.pointing(source, day)
        below = [each for each in below if each not in parts]
        everything = self.chance.random() < self.named_throughout and not any(
            self.map.parent[each].on[later] == source for each in parts if each in self.map.parent for later in DAYS
        )
        choice = {
            key: self.chance.choice(parts) for key in (*things, *below) if everything or self.chance.random() < 0.5
        }
        body = [
            self.part(each, is_old=each in old, takes={
                self.things: [key for key in things if choice.get(key) == each],
                self.plural: [key for key in below if choice.get(key) == each],
            })
            for each in parts
        ]  # fmt: skip
        if not everything:
            body[1]["takes_rest"] = True
        for each in parts:
            if each not in old:
                self.map.found(each, day, parent)
        self.hand_over(source, day, body)
        self.map.redraw(source, day, choice, None if everything else parts[1], parts)
        return self.act(source, "split", day, {"parts": body, "reason": "析置"})

    def part(self, key, *, is_old, takes):
        name = {} if is_old else {"name": f"新{key}"}
        return {"key": key, **name, "takes": {plural: keys for plural, keys in takes.items() if keys}}

    def take_over(self, source, day, target):
        """Say what else the target of a merge takes over, in the map."""

    def hand_over(self, source, day, parts):
        """Say what else the parts take over, in the bodies and in the map."""

    def reopen(self, _day):
        closed = [node for node in self.map.parent if not self.map.stands[node].on[TODAY]]
        if not closed:
            return None
        node = self.chance.choice(closed)
        day = self.chance.choice([each for each in DAYS if each >= max(self.map.stands[node].said)])
        self.map.stands[node].say(day, True)
        return self.act(node, "reopen", day, {})

    def trade(self, day):
        """Close an enterprise, or open it again."""
        key = self.chance.choice(list(self.open))
        state = self.open[key].on[day]
        if state is None:
            return None
        self.open[key].say(day, not state)
        body = {"reason": "注销"} if state else {}
        verb = "close" if state else "reopen"
        return self.county.act(f"/v1/enterprises/{key}/{verb}", {**body, "effective_on": str(day)})

    def act(self, node, verb, day, body):
        return self.county.act(f"/v1/{self.plural}/{node}/{verb}", {**body, "effective_on": str(day)})

    def change(self, path, day, **body):
        return self.county.patch(path, {**body, "effective_on": str(day)})

    def make_enterprise(self, key, first=FIRST, **body):
        made = {"uscc": key, "name": f"企业{key}", "registered_on": str(first), **body}
        self.county.made("/v1/enterprises", **made)
        self.open[key] = Line(first, True)


def tree_on(county, tree, day):
    """Return each node of a tree on a day with its parent, and whether it was open."""
    items = county.get(f"/v1/trees/{tree}", params={"on": str(day)}).json()["items"]
    return {each["key"]: (each["parent"], each["state"] == "open") for each in items}


def counts_on(county, tree, day, structure):
    """Return what a tree counts at each node on a day by a structure, and what stands nowhere."""
    found = county.get(f"/v1/trees/{tree}/counts", params={"on": str(day), "structure": structure}).json()
    return {each["key"]: each["enterprises"] for each in found["items"] if each["enterprises"]}, found["unplaced"]

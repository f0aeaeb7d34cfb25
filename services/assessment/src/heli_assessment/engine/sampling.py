"""Draws that anybody can repeat: from a seed and a list, with nothing but SHA-256 (抽查)."""

import hashlib
from collections.abc import Iterable


def draw(seed: str, purpose: str, population: Iterable[str], size: int) -> tuple[str, ...]:
    """Return `size` of a list (all where it has fewer), in the order drawn.

    Each id is hashed as SHA-256 of the UTF-8 lines seed, purpose, id; the smallest hashes are drawn. So the order of
    the list does not matter, and adding to it can only push others out.
    """
    return tuple(sorted(set(population), key=lambda id_: (_ticket(seed, purpose, id_), id_))[:size])


def digest_of_list(population: Iterable[str]) -> str:
    """Return the SHA-256 of a list: its ids sorted, one a line."""
    return hashlib.sha256("".join(f"{id_}\n" for id_ in sorted(set(population))).encode()).hexdigest()


def _ticket(seed: str, purpose: str, id_: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{purpose}\n{id_}".encode()).digest()

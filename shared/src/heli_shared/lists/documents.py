"""JSON lists: an array of objects, or an object with one key that holds such an array (as published lists have it)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from heli_shared.kernel.errors import InvalidInput

UNREADABLE = (
    "JSON 文件无法读取：应为对象的数组，或只有一个键、其值为这样的数组。",
    "The JSON file cannot be read: it must be an array of objects, or an object with one key that holds one.",
)


def iterate_objects(path: Path) -> Iterator[tuple[int, list[Any] | None]]:
    """Yield (0, all keys) and then (position from 1, cells in that order); what is no object comes as None."""
    try:
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InvalidInput(*UNREADABLE) from error
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = lists[0] if len(lists) == 1 else None
    if not isinstance(whole, list):
        raise InvalidInput(*UNREADABLE)
    keys = list(dict.fromkeys(key for each in whole if isinstance(each, dict) for key in each))
    yield 0, list(keys)
    for number, each in enumerate(whole, start=1):
        yield number, [each.get(key) for key in keys] if isinstance(each, dict) else None

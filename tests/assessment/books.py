"""The rulebooks that come with the product, as files and as plain documents."""

from decimal import Decimal
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parents[2] / "rulebooks"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*/*.yaml"))}
DEFAULTS = [name for name, path in FILES.items() if path.parent.name == "default"]
EXAMPLES = [name for name, path in FILES.items() if path.parent.name == "examples"]


class _Exact(yaml.SafeLoader):
    """Reads decimals as they are written."""


_Exact.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node)))


def plain(name):
    """Return a book as any reader of YAML sees it, its numbers exact."""
    return yaml.load(FILES[name].read_text(encoding="utf-8"), Loader=_Exact)  # noqa: S506 - a SafeLoader


def items_of(book):
    """Return every item of a book."""
    return [item for part in book["parts"] for item in part["items"]]

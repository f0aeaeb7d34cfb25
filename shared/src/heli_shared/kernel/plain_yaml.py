"""YAML of plain values, read by the safe loader: of the two in the library the one in C, several times as fast."""

from typing import Any

import yaml

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader; a build of the library without the C part has the other alone, which reads the same."""


def read_plain(text: str | bytes) -> Any:
    """Return the values of a document; yaml.YAMLError where it is none."""
    try:
        return yaml.load(text, Loader=LOADER)  # noqa: S506 - either is the safe loader
    except yaml.YAMLError:
        return yaml.safe_load(text)  # says better what is wrong and where

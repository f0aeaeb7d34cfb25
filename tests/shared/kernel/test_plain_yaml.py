"""The safe loader written in C reads what the one written in Python reads, at the same places."""

from pathlib import Path

import pytest
import yaml

from heli_shared.kernel.plain_yaml import LOADER, read_plain

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(each for top in ("rulebooks", "services", "shared") for each in (ROOT / top).rglob("*.yaml"))


def told(node):
    """Return a node with its place, and all below it."""
    place = (node.start_mark.line, node.start_mark.column, node.tag)
    if isinstance(node, yaml.ScalarNode):
        return (*place, node.value)
    inner = node.value if isinstance(node, yaml.SequenceNode) else [each for pair in node.value for each in pair]
    return (*place, [told(each) for each in inner])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_both_loaders_read_every_file_of_the_project_alike(path):
    text = path.read_text(encoding="utf-8")

    assert told(yaml.compose(text, Loader=LOADER)) == told(yaml.compose(text, Loader=yaml.SafeLoader))
    assert read_plain(text) == yaml.safe_load(text)


def test_nothing_but_plain_values_is_made():
    with pytest.raises(yaml.YAMLError):
        read_plain("!!python/object/apply:os.getcwd []")
    with pytest.raises(yaml.YAMLError):
        read_plain("a: [1")

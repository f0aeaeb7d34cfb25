"""The small database of what cannot be pulled again: the answers that were given, and when the sources were read."""

from heli_shared.db.schema import new_metadata

METADATA = new_metadata()

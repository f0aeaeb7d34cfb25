"""A registry as it is after the first start: the administrator and nothing else."""

from docs.site import Site


def fill(site: Site) -> None:
    """Leave it empty."""
    del site

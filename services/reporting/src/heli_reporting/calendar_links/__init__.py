"""Calendar links: addresses with a secret in them, by which calendar programs read one worklist and nothing else."""

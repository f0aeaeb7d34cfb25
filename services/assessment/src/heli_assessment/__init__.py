"""The assessment service: what was done, and how well, by published rules."""

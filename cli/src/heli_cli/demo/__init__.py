"""The demo county: seeded, fictional, of any size; generated as a stream and loaded through the public API."""

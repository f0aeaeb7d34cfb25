"""What two or more services of Heli share, in layers from kernel up to records and testing."""

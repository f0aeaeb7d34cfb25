"""What two or more services of Heli share, in layers: kernel, statistics, contracts, db, ledger, web, records, testing."""

"""How large a file may be, so that no upload can exhaust the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file; bytes, rows and cells as counted while reading, not as the file claims."""

    file_bytes: int = 200_000_000
    rows: int = 2_000_000
    columns: int = 500
    cells: int = 30_000_000
    zip_entries: int = 2_000
    inflated_bytes: int = 800_000_000
    inflation_ratio: int = 250
    worker_memory_bytes: int = 1_500_000_000
    worker_seconds: int = 180
    kept_refusals: int = 100_000
    """Of so many refused rows the cells are kept, for the workbook in which they go back."""


LIMITS = Limits()

"""What services promise one another: DTOs, clients and fakes, one folder per service."""

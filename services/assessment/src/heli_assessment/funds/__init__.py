"""Funds 经费: budgets, allocations by standard, spending, dues paid and returned, the share that taxes allow."""

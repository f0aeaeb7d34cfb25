"""The HTTP house: application factory, problems, permissions, health, metrics."""

"""What-if: a draft rulebook tried on every subject, now and a year ago, before it is published."""

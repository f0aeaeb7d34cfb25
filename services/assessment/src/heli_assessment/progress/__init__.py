"""Progress reports: how far a task is on a day, with evidence; they carry the task's numbers and those above it."""

"""Activity records: meetings, trainings, visits, inspections and what else was done, dated and with evidence."""

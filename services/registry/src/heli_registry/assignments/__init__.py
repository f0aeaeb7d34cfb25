"""Assignments: people sent to enterprises and organisations as instructors, liaisons, contact leaders, secretaries."""

"""The pure scoring engine: rule classes, vectorised scoring, verdicts and explanations."""

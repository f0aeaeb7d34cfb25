"""The inputs of scoring: what each measure means, and its value for each subject."""

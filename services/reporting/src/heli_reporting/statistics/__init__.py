"""Statistics: the grammar of questions, answers with their passport, and the rows behind them."""

"""Non-public enterprises: one record per unified social credit code."""

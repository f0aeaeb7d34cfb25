"""News for whoever wants to be told: new data is in, or a source went silent."""

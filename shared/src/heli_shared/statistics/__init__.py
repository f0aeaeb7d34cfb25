"""THE definitions: classification of enterprises, measures and dated parameters."""

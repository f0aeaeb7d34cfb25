"""Zones: parks, buildings, markets, streets of shops and project sites inside or across divisions."""

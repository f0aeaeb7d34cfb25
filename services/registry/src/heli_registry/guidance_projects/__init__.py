"""Guidance projects 立项提前介入: new projects that should plan a Party organisation from their approval on."""

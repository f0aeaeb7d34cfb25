"""Transfers of affiliation 隶属关系转接: proposed by one side, confirmed by both, then done in one step."""

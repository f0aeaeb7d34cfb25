"""Pairings 结对共建: a department's organisation and an enterprise's organisation that build together by agreement."""

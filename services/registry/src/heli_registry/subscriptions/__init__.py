"""Subscriptions 订阅推送: a department's address to which new entries are pushed, signed, until they are taken."""

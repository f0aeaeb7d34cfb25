"""Rotation of contact points 成熟一个、更换一个: decisions that one is mature, proposals, the change."""

"""Sharing agreements 共享用途登记: what a unit was given data for, on what basis and until when."""

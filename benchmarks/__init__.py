"""Measurements: each beside its floor, in the same run, so that ratios mean something on any machine."""

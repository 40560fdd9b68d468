"""Figures that are no money: network counters, tickets, surveys, and the reference rates of the ECB."""

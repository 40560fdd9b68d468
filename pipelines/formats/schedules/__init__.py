"""Schedules: MS Project XML, Primavera XER, and through MPXJ what only MPXJ reads (MPP, MPX, PMXML).

`mspdi` and `xer` read a file into the `model`; `canonical` makes the canonical tables of it, `phasing` spreads amounts
over months. What a plan means for margin and forecast belongs to the models of the warehouse.
"""

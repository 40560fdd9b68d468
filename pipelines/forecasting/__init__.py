"""What SQL says badly about a forecast: distributions, back-tests of estimates, ranges by simulation.

Frames and arrays in, frames and arrays out; deterministic. Formulas of earned value, plans and margins belong in
dbt_project, and so does every published figure's type and rounding: floats end here. docs/forecasting.md explains the
methods; models/intermediate/forecast calls them.
"""

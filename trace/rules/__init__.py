"""Deciding about goods: states, quantities, dates, what was typed, and the verdict. Pure Python, no framework, no clock."""

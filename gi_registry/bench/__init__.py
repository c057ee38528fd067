"""Measurements. They compare side by side in one run and report ratios, because machines are noisy."""

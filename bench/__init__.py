"""Measurements as ratios against a named yardstick in the same run; `make bench`, or `make bench ONLY=name`."""

"""Variants of both implementations with one fault each, and what of them the suite finds."""

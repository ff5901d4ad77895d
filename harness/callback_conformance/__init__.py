"""Everything between a scenario of a long-running callback and a verdict on an implementation of it."""

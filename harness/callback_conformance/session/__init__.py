"""One test's run, its warm-up, and what must hold in every test."""

"""The files that run inside an app: standard library alone, Python 3.8, no framework."""

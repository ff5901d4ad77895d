"""The compatibility matrix: releases by dialects and backends, run cell by cell, kept and compared.

``python -m callback_conformance.matrix run`` runs what ``ci/matrix.toml`` lists; ``compare`` tells what changed between two
matrices, ``verify`` runs cells of one again.
"""

"""The compatibility matrix: releases by dialects and backends, run cell by cell, kept and compared."""

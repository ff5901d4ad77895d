"""The test's end of each job's connection, and the timeline of what was seen."""

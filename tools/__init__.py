"""What maintainers need and users do not: the documents traced to SPEC.md, pictures, known failures renewed."""

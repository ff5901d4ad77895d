"""The site: what is known without a run, the specification and the guides, as a folder of pages that opens from disk."""

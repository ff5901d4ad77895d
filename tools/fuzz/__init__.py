"""Sends our two servers what no page sends, beside pages that work, and looks at what becomes of both."""

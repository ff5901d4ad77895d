"""The command ``callback-conformance``: what can be typed, and what each command says of itself.

A command imports what it runs when it runs, so that help and the completion of a shell come at once.
"""

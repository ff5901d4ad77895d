"""What Dash's renderer does in a browser, without one: the layout, callbacks, polls and updates of one page."""

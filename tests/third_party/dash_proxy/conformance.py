"""The adapter: what is known of the real Dash is known of what wraps it."""

from callback_conformance.adapters.dash.compatible import like_dash

adapter = like_dash(
    name="dash_proxy",
    package="dash_proxy",
    distributions=("dash-extensions", "dash", "diskcache", "multiprocess", "psutil", "flask"),
    known_as="dash",
)

"""The adapter: what the suite needs to know about the package."""

from callback_conformance.adapters.dash.compatible import like_dash

adapter = like_dash(
    name="my_dash",
    package="my_dash",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

"""The adapter: what the suite needs to know about the package."""

from callback_conformance.adapters.dash.compatible import like_dash

adapter = like_dash(
    name="careless_dash",
    package="careless_dash",
    manager_class="CarelessManager",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

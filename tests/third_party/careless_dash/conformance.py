"""What the suite is told of it."""

from callback_conformance.adapters.dash.compatible import like_dash

implementation = like_dash(
    name="careless_dash",
    package="careless_dash",
    manager_class="CarelessManager",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

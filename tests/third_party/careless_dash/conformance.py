"""What the suite is told of it."""

from harness.implementations.dash_like import like_dash

implementation = like_dash(
    name="careless_dash",
    package="careless_dash",
    manager_class="CarelessManager",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

"""What the suite is told of it."""

from harness.implementations.dash_like import like_dash

implementation = like_dash(
    name="my_dash",
    package="my_dash",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

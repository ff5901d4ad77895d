"""What the suite is told of it."""

from callback_conformance.adapters.dash.compatible import like_dash

implementation = like_dash(
    name="my_dash",
    package="my_dash",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

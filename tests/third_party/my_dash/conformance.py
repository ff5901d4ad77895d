"""The adapter: what the suite needs to know about the package."""

from callback_conformance.adapters.dash.compatible import dash_compatible

adapter = dash_compatible(
    name="my_dash",
    package="my_dash",
    distributions=("my-dash", "diskcache", "multiprocess", "psutil", "flask"),
)

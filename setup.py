"""The packages of the distribution; pyproject.toml holds everything else.

In a checkout the suite, the ledger and the matrix lie at the top, where people look for them. In a wheel they lie inside
the package, so that the wheel takes no name that another project may use.
"""

from setuptools import find_packages, setup

PACKAGE = "callback_conformance"

setup(
    package_dir={
        PACKAGE: f"harness/{PACKAGE}",
        f"{PACKAGE}.suite": "conformance",
        f"{PACKAGE}.deviations": "deviations",
        f"{PACKAGE}.ci": "ci",
    },
    packages=[
        *find_packages("harness"),
        f"{PACKAGE}.suite",
        f"{PACKAGE}.deviations",
        f"{PACKAGE}.ci",
        *find_packages(include=["impl_*"]),
    ],
)

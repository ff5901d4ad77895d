"""Which packages the distribution has; pyproject.toml says everything else.

The suite, the ledger and the matrix lie at the top of a checkout, where people look for them, and inside the package in a
wheel, so that the wheel takes no name that another project may have.
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

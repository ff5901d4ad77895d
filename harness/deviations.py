"""``python -m harness.deviations``: run the reproducers of the ledger.

A module of its own: the plugin's package imports the ledger, and a module is not to be run that is imported.
"""

import sys

from harness.plugin.ledger import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

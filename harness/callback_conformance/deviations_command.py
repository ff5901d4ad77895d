"""``python -m callback_conformance.deviations_command``: run the reproducers of the ledger.

A module of its own: the plugin's package imports the ledger, and a module is not to be run that is imported.
"""

import sys

from callback_conformance.plugin.ledger import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

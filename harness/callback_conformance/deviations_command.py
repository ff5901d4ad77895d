"""``python -m callback_conformance.deviations_command``: run the reproducers of the ledger."""

import sys

from callback_conformance.ledger import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

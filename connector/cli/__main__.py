"""`python -m connector.cli`: the same as `backorder`."""

import sys

from connector.cli import main

sys.exit(main())

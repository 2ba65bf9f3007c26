"""Start Causerie. Spawned children import this file again, so nothing heavy happens at module level."""

import sys
from multiprocessing import freeze_support

if __name__ == "__main__":
    freeze_support()
    from desktop_app.bootstrap import main

    sys.exit(main(sys.argv[1:]))

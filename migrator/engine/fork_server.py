"""What the process that starts workers imports, and no other does.

Where a run is killed while a worker is started, what has begun finds nobody who says what to do: it
would show that as an error of its own, behind the prompt of who killed the run. Who looks for a
defect sees it (`MIGRATE_DEBUG`).
"""

import os
import sys

if not os.environ.get("MIGRATE_DEBUG"):
    sys.excepthook = lambda *_: None

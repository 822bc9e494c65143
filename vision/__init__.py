"""Functions of pixels: from a photo to a reading of the board.

onnxruntime reports its use to its maker unless forbidden to before it is imported: it
keeps a device id and a queue in the user's cache and asks for a host seconds later. Its
own `disable_telemetry_events` comes too late for both. This package is run before any of
its modules, and `image.network` alone imports it; child processes inherit the variable.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

"""People, clocks, disks and HTTP around the readings."""

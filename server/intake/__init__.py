"""How photos come in and are worked on."""

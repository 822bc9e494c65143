"""OCR engines behind one protocol. Nothing that they read leaves the machine."""

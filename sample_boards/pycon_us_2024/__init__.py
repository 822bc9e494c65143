"""Three days in the shape of PyCon US 2024: one wall, rooms that are needed elsewhere."""

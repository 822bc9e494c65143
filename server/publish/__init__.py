"""How a schedule becomes what people fetch: pictures, releases, formats."""

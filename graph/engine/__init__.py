"""The bundled Neo4j: provided once, started on loopback, shared by apps, stopped by its guard."""

"""What exists and how it is kept: the schema, the door to Neo4j, the bundled server, pictures."""

"""The registration tables: everything of the outside that the connector can speak with."""

"""Files of tables: opened within limits, sheets and headers found, cells as they were typed."""

"""What is known of the package index: records, the SQLite store, JSON Lines shards."""

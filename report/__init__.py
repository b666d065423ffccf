"""From plans to texts that people read. Pure."""

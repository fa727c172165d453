"""One file per kind of source; only these open a connection to the world."""

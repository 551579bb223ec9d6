"""Pages for who distrusts the host: the log, what we hold."""

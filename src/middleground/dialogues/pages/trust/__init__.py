"""Pages by which anyone can check the host: public log, moderation log, stored data."""

"""What happens to a case: opened, owned, referred, paused, answered, reopened, closed."""

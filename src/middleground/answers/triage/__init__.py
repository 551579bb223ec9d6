"""Which concerns are open, and which of them belong together: what the triage desk lists."""

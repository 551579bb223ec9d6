"""The threads of one server process: which of them go first."""

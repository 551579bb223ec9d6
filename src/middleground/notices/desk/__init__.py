"""The choices of staff and officials about e-mail."""

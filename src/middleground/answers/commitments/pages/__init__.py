"""Public pages of commitments, and what the pages of cases, dialogues and bodies show of them."""

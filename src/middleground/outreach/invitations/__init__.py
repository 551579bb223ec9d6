"""Invitations by e-mail, to a list that is read in memory and never stored."""

"""The latent-factor model of votes: its parameters, their fit, and participants' positions."""

"""How people hear of a dialogue: campaigns, invitations, partner organisations, sharing."""

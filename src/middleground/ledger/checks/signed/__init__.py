"""Checks of what is signed: checkpoints, tiles, witnesses."""

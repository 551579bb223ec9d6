"""Checks of everything that is signed: checkpoints, tiles, cosignatures of witnesses."""

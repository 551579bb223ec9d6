"""Signed notes: keys, checkpoints, cosignatures, promises."""

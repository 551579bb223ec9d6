"""Texts by participants and the host: shared fields, appeals, and the register of text kinds."""

"""The Merkle tree of RFC 6962 and its tiles."""

"""The picture of people in words: what spans it, and where one's own votes lie."""

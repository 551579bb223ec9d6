"""The picture of people: where its marks, labels and the reader's pin come to stand."""

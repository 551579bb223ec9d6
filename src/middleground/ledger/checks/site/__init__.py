"""What the site shows beside its log: files for download, and the page of the results."""

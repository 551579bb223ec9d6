"""Sources as files of other programs: BibTeX, RIS, CSL-JSON."""

"""Texts of the host and of participants in other languages.

``originals`` says what there is to translate, ``actions`` is what translators do, ``shown`` what
readers see.
"""

"""How marked forms are read from scans and photographs. Pure; needs the extra ``paper``.

A file gives pictures of pages (``pictures``), a picture the answers of a page (``page_reading``),
and pages give sheets (``sheets``). What is not certain is handed back with its picture.
"""

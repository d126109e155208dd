"""Files that are known and not read: each is named, and what to do instead."""

from __future__ import annotations

from io import BytesIO

from checker.read.formats import zipped

ODS = b"application/vnd.oasis.opendocument.spreadsheet"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURE = "a picture: give the text that it shows"
_UNPACK = "an archive: unpack it and give the files in it"
_SOUND = "sound or film, not a report: give its text"
_PROGRAM = "a program, not a report"
_OTHER = "an old Office or WPS file: save it as DOCX or XLSX"
# What a file begins with, from which byte.
_SIGNATURES = (
    (0, b"{\\rtf", "RTF: save it as DOCX"),
    (0, b"\x89PNG\r\n\x1a\n", _PICTURE),
    (0, b"\xff\xd8\xff", _PICTURE),
    (0, b"GIF87a", _PICTURE),
    (0, b"GIF89a", _PICTURE),
    (0, b"II*\0", _PICTURE),
    (0, b"MM\0*", _PICTURE),
    (8, b"WEBP", _PICTURE),
    (0, b"Rar!\x1a\x07", _UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", _UNPACK),
    (0, b"\x1f\x8b\x08", _UNPACK),
    (0, b"BZh", _UNPACK),
    (0, b"\xfd7zXZ\0", _UNPACK),
    (257, b"ustar", _UNPACK),
    (0, b"MZ", _PROGRAM),
    (0, b"\x7fELF", _PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", _PROGRAM),
    (0, b"\xca\xfe\xba\xbe", _PROGRAM),
    (0, b"ID3", _SOUND),
    (0, b"\xff\xfb", _SOUND),
    (0, b"OggS", _SOUND),
    (8, b"WAVE", _SOUND),
    (8, b"AVI ", _SOUND),
    (4, b"ftyp", _SOUND),
    (0, b"SQLite format 3\0", "a database: export its tables as CSV"),
)
# What shows by its name what an archive is, be it a member or a folder of it.
_MEMBERS = (
    ("ppt/", "a PowerPoint presentation: save its text as DOCX"),
    ("xl/workbook.bin", "a binary workbook: save it as XLSX"),
    ("Index/", "a Pages or Numbers file: export it as DOCX or XLSX"),
    ("META-INF/container.xml", "an e-book: save its text as DOCX"),
    ("content.xml", "an OpenDocument text or drawing: save it as DOCX"),
)
_STREAMS = (
    ("EncryptedPackage", "encrypted: save it without a password"),
    ("WordDocument", "an old Word or WPS document (.doc, .wps): save it as DOCX"),
    ("PowerPoint Document", "an old PowerPoint presentation (.ppt): save its text as DOCX"),
    ("Workbook", None),
    ("Book", None),
)


def refused(data: bytes) -> str | None:
    """Why these bytes are not read, in one line; None where they may be."""
    if data.startswith(OLE):
        return _compound(data)
    if members := zipped.names(data):
        return _archive(members, data)
    for at, magic, why in _SIGNATURES:
        # Letters alone (MZ, BZh, ID3) may also begin a text, which has no zero bytes.
        if data.startswith(magic, at) and not (magic.isalnum() and b"\0" not in data[:4096]):
            return why
    return None


def _compound(data: bytes) -> str | None:
    """The same of a compound file, as Office wrote until 2003; what it holds shows by the names of its streams."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as file:
            return next((why for name, why in _STREAMS if file.exists(name)), _OTHER)
    except Exception:  # whatever a damaged file makes of the library
        return "damaged: its directory cannot be read"


def _archive(members: frozenset[str], data: bytes) -> str | None:
    if members & {"word/document.xml", "xl/workbook.xml"} or zipped.mimetype(data) == ODS:
        return None
    return next((why for name, why in _MEMBERS if any(member.startswith(name) for member in members)), _UNPACK)

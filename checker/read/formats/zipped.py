"""Files that are ZIP archives of XML (DOCX, XLSX, ODS), opened so that no file takes more than its share.

What an archive declares is checked first, what it really holds as it is unpacked. XML comes without entities, network
and document types: Office writes none, and all tricks with XML need them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_MEMBERS = 10_000
# A member that is held as a whole, and one that is read as a stream.
MAX_HELD = 64_000_000
# Each takes memory, however short it is.
MAX_ELEMENTS = 4_000_000
MAX_UNPACKED = 512_000_000
# XML shrinks to a tenth, sheets of empty cells to a fiftieth; a bomb to a thousandth.
MAX_RATIO = 200
# Smaller ones do no harm, whatever their ratio.
HARMLESS = 1_000_000
_CHUNK = 1 << 18
_MAGIC = b"PK\x03\x04"
_SAFE: Any = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}


def names(data: bytes) -> frozenset[str]:
    """The names of the members; none where this is no archive."""
    if not data.startswith(_MAGIC):
        return frozenset()
    try:
        with ZipFile(BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()


def mimetype(data: bytes) -> bytes:
    """What an archive says it is in a member of this name, as OpenDocument does; empty where it says nothing."""
    try:
        with ZipFile(BytesIO(data)) as archive, archive.open("mimetype") as member:
            return member.read(100).strip()
    except (BadZipFile, zlib.error, KeyError, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return b""


class Package:
    """The members of an archive. Raises ValueError where it is damaged, encrypted or a bomb."""

    def __init__(self, data: bytes, kind: str) -> None:
        if not data.startswith(_MAGIC):
            from checker.read.formats.refused import refused

            raise ValueError(refused(data) or f"no {kind} file")
        try:
            self._archive = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise ValueError("damaged or cut off: its archive has no end") from error
        infos = self._archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise ValueError(f"an archive of more than {MAX_MEMBERS:,} members")
        for info in infos:
            if info.flag_bits & 1:
                raise ValueError("encrypted: save it without a password")
            _check(info.filename, info.file_size, info.compress_size)
        self.names = frozenset(info.filename for info in infos)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def under(self, folder: str) -> list[str]:
        """The names of the members of a folder."""
        return sorted(name for name in self.names if name.startswith(folder) and not name.endswith("/"))

    def read(self, name: str) -> bytes:
        """A whole member."""
        with self.open(name) as stream:
            return stream.read()

    def open(self, name: str) -> _Member:
        """A member as a stream."""
        try:
            info = self._archive.getinfo(name)
            return _Member(self._archive.open(info), name, info.compress_size)
        except KeyError as error:
            raise ValueError(f"damaged: it has no {name}") from error
        except (BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError) as error:
            raise ValueError(f"damaged: {name} cannot be unpacked") from error

    def tree(self, name: str) -> _Element:
        """The root of a member that is XML."""
        return tree(self.read(name), name)

    def elements(self, name: str, *tags: str) -> Iterator[_Element]:
        """The elements with these tags of a member that is XML, as they end; what comes between is forgotten."""
        with self.open(name) as stream:
            yield from elements(stream, name, *tags)


class _Member:
    """A member that counts what it really unpacks to."""

    def __init__(self, stream: IO[bytes], name: str, packed: int) -> None:
        self._stream, self._name, self._packed, self._size = stream, name, packed, 0
        self.held = 0  # how much of it is kept by whoever reads

    def __enter__(self) -> _Member:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def read(self, size: int = -1) -> bytes:
        return b"".join(iter(self._chunk, b"")) if size < 0 else self._chunk(size)

    def _chunk(self, size: int = _CHUNK) -> bytes:
        try:
            chunk = self._stream.read(size)
        except (BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise ValueError(f"damaged: {self._name} cannot be unpacked") from error
        self._size += len(chunk)
        self.held += len(chunk)
        _check(self._name, self._size, self._packed)
        if self.held > MAX_HELD:
            raise ValueError(f"{self._name} holds more than {MAX_HELD // 1_000_000} MB in one piece")
        return chunk


def _check(name: str, size: int, packed: int) -> None:
    if size > MAX_UNPACKED:
        raise ValueError(f"{name} unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
    if size > HARMLESS and size > MAX_RATIO * packed:
        raise ValueError(f"{name} unpacks to more than {MAX_RATIO} times its size, as no report does")


def tree(data: bytes, name: str) -> _Element:
    """The root of an XML document."""
    from lxml import etree

    if data.count(b"<") > 2 * MAX_ELEMENTS:
        raise ValueError(f"{name} has more than {MAX_ELEMENTS:,} elements")
    try:
        root = etree.fromstring(data, etree.XMLParser(**_SAFE))
    except etree.LxmlError as error:
        raise ValueError(f"damaged: {name} is no XML ({_first_line(error)})") from error
    _refuse_document_type(root, name)
    return root


def elements(stream: _Member, name: str, *tags: str) -> Iterator[_Element]:
    """The elements with these tags as they end; from time to time, what stands in front of the last is dropped."""
    from lxml import etree

    first = True
    try:
        for _, element in etree.iterparse(stream, events=("end",), tag=tags, **_SAFE):
            if first:
                _refuse_document_type(element, name)
                first = False
            yield element
            if stream.held > _CHUNK:
                parent = element.getparent()
                if parent is not None:
                    del parent[:-1]
                stream.held = 0
    except etree.LxmlError as error:
        raise ValueError(f"damaged: {name} is no XML ({_first_line(error)})") from error


def _refuse_document_type(root: _Element, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError(f"{name} has a document type, which no such file has")


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:100]


def left_out(package: Package, folder: str) -> list[str]:
    """What a file of Office holds beside its text, that is not read."""
    return [
        f"{count} {kind if count == 1 else kind + 's'}"
        for kind, place in (("chart", "charts/chart"), ("diagram", "diagrams/data"), ("picture", "media/"))
        if (count := len(package.under(f"{folder}/{place}")))
    ] + [f"embedded file {name.rpartition('/')[2]}" for name in package.under(f"{folder}/embeddings/")]

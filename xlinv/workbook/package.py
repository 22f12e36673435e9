"""An .xlsx package: its parts read safely, and written back with every untouched part byte for byte."""

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

# A sheet of 1,000,000 formulas is about 100 MB of XML; a zip shrinks that 10 to 30 times, a bomb 1,000 times.
MOST_BYTES_PER_PART: Final = 1_000_000_000
MOST_BYTES: Final = 2_000_000_000
_HIGHEST_RATIO: Final = 200
_RATIO_COUNTS_FROM: Final = 50_000_000
_MOST_PARTS: Final = 100_000
_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK: Final = 1 << 20


class UnreadableWorkbookError(ValueError):
    """A file that cannot be recalculated, with a sentence that says what to do."""


class Package:
    """The parts of a package, read when asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise UnreadableWorkbookError(_why_no_zip(path, error)) from None
        self._entries = self._checked()

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        entries: dict[str, zipfile.ZipInfo] = {}
        total = 0
        infos = self._archive.infolist()
        if len(infos) > _MOST_PARTS:
            raise UnreadableWorkbookError(f"{self.path} holds {len(infos):,} parts, which no workbook does")
        for info in infos:
            if info.filename in entries:
                raise UnreadableWorkbookError(
                    f"{self.path} holds the part {info.filename} twice: open and save it in Excel"
                )
            if info.flag_bits & 1:
                raise UnreadableWorkbookError(f"{self.path} is encrypted: save it without a password")
            total += info.file_size
            suspicious = info.file_size > _RATIO_COUNTS_FROM and info.file_size > _HIGHEST_RATIO * max(
                info.compress_size, 1
            )
            if suspicious or info.file_size > MOST_BYTES_PER_PART or total > MOST_BYTES:
                raise UnreadableWorkbookError(
                    f"{self.path} would unpack to {total:,} bytes or more from {info.filename}: "
                    "that is no workbook this program opens; split it or check where it came from"
                )
            entries[info.filename] = info
        return entries

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises UnreadableWorkbookError where the part is missing or damaged.
        """
        info = self._entries.get(name)
        if info is None:
            raise UnreadableWorkbookError(f"{self.path} lacks the part {name}: open and save it in Excel")
        try:
            return self._archive.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise UnreadableWorkbookError(
                f"{self.path} is damaged in {name} ({error}): restore it from a backup"
            ) from None

    def read_xml(self, name: str) -> bytes:
        """The bytes of an XML part, well-formed and without entities or a document type."""
        data = self.read(name)
        check_xml(data, f"{name} of {self.path}")
        return data

    def close(self) -> None:
        self._archive.close()

    def save(self, target: Path, changes: Mapping[str, bytes | None]) -> None:
        """Write the package with changed, new and removed (None) parts.

        The target appears whole or not at all.
        """
        folder = target.parent
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=folder)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w+b") as stream:
                if changes:
                    self._write(stream, changes)
                else:
                    stream.write(self.path.read_bytes())
                stream.flush()
                os.fsync(stream.fileno())
            keep_mode = target if target.exists() else self.path
            os.chmod(temporary, keep_mode.stat().st_mode & 0o7777)
            if target.exists() and target.samefile(self.path):
                self.close()  # Windows replaces no file that is open
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)

    def _write(self, stream: IO[bytes], changes: Mapping[str, bytes | None]) -> None:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as out:
            for name, info in self._entries.items():
                if name not in changes:
                    self._copy(info, out)
                    continue
                data = changes[name]
                if data is not None:
                    out.writestr(_like(info), data)
            for name, data in changes.items():
                if name not in self._entries and data is not None:
                    out.writestr(_like(zipfile.ZipInfo(name)), data)

    def _copy(self, info: zipfile.ZipInfo, out: zipfile.ZipFile) -> None:
        """Copy a part as it lies compressed, which is both exact and much faster than packing it again."""
        source = self._archive.fp
        assert source is not None
        assert out.fp is not None
        source.seek(info.header_offset)
        header = source.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04":
            raise UnreadableWorkbookError(
                f"{self.path} is damaged at {info.filename}: restore it from a backup"
            )
        name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
        source.seek(info.header_offset + _LOCAL_HEADER.size + name_length + extra_length)
        copied = _like(info)
        copied.compress_type = info.compress_type
        copied.CRC, copied.compress_size, copied.file_size = info.CRC, info.compress_size, info.file_size
        copied.header_offset = out.fp.tell()
        out.fp.write(copied.FileHeader(False))
        remaining = info.compress_size
        while remaining:
            chunk = source.read(min(remaining, _CHUNK))
            if not chunk:
                raise UnreadableWorkbookError(
                    f"{self.path} is damaged at {info.filename}: restore it from a backup"
                )
            out.fp.write(chunk)
            remaining -= len(chunk)
        out.filelist.append(copied)
        out.NameToInfo[copied.filename] = copied
        out.start_dir = out.fp.tell()
        out._didModify = True  # type: ignore[attr-defined]


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(info.filename, info.date_time)
    copy.compress_type = zipfile.ZIP_DEFLATED
    copy.external_attr, copy.create_system = info.external_attr, info.create_system
    return copy


def _why_no_zip(path: Path, error: Exception) -> str:
    if not path.exists():
        return f"{path} does not exist"
    if path.is_dir():
        return f"{path} is a folder, not a workbook"
    try:
        with open(path, "rb") as stream:
            start = stream.read(8)
    except OSError as failure:
        return f"{path} cannot be read: {failure.strerror}"
    if not start:
        return f"{path} is empty"
    if start == _OLD_FORMAT:
        return f"{path} is an old .xls file or protected by a password: save it as .xlsx without a password"
    return f"{path} is no workbook or is damaged ({error}): save it as .xlsx in Excel or restore a backup"


def check_xml(data: bytes, where: str) -> None:
    """Refuse XML that is malformed or declares a document type, where entities and bombs come from."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise UnreadableWorkbookError(
            f"{where} declares a document type, which no workbook needs: do not trust it"
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableWorkbookError(
            f"{where} is not well-formed ({error}): open and save it in Excel"
        ) from None

"""Wheels, sdists and their metadata, made for tests: the same bytes at any time."""

import gzip
import io
import tarfile
import zipfile


def metadata(name, version, requires=(), *, extra=(), metadata_version="2.1"):
    lines = [f"Metadata-Version: {metadata_version}", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {one}" for one in requires]
    lines += extra
    return ("\n".join(lines) + "\n\nA description.\nRequires-Dist: not-this\n").encode()


def make_wheel(name, version, requires=(), *, members=None, tag="py3-none-any", text=None, pad=0):
    """Return (file name, bytes)."""
    stem = f"{name.replace('-', '_')}-{version}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if pad:
            archive.writestr(zipfile.ZipInfo("pad.bin"), bytes(pad))
        for member in members if members is not None else [f"{name.replace('-', '_')}/__init__.py"]:
            archive.writestr(zipfile.ZipInfo(member), b"")  # made this way, the same bytes at any time
        text = text if text is not None else metadata(name, version, requires)
        archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/METADATA"), text, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/WHEEL"), b"Wheel-Version: 1.0\n")
    return f"{stem}-{tag}.whl", buffer.getvalue()


def make_sdist(name, version, members=None, *, requires=(), dynamic=()):
    """Return (file name, bytes) of a tar.gz; members: relative name -> bytes, or a TarInfo."""
    stem = f"{name.replace('-', '_')}-{version}"
    if members is None:
        extra = [f"Dynamic: {one}" for one in dynamic]
        members = {"PKG-INFO": metadata(name, version, requires, extra=extra, metadata_version="2.2")}
    return f"{stem}.tar.gz", tar({f"{stem}/{key}": value for key, value in members.items()})


def tar(members):
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, value in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(value, bytes):
                info.size = len(value)
                archive.addfile(info, io.BytesIO(value))
            else:
                info.type, info.linkname = value
                archive.addfile(info)
    return buffer.getvalue()


def wheel_metadata(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return next(archive.read(one) for one in archive.namelist() if one.endswith(".dist-info/METADATA"))

"""How are the texts that facts were read from kept small? Deflated, with the words that most of them share."""

import zlib

_SHARED = (
    b"License-File: LICENSE\nDynamic: license-file\nProject-URL: Bug Tracker, https://github.com/\n"
    b"Project-URL: Documentation, https://\nProject-URL: Changelog, https://github.com/\nProject-URL: Source, https://"
    b"github.com/\nProject-URL: Homepage, https://github.com/\nHome-page: https://github.com/\nDownload-URL: https://\n"
    b"Author: \nAuthor-email: \nMaintainer: \nMaintainer-email: \nLicense: Apache-2.0\nLicense: BSD-3-Clause\n"
    b"License: MIT\nLicense-Expression: MIT\nKeywords: \nPlatform: any\nPlatform: UNKNOWN\n"
    b"Classifier: Development Status :: 3 - Alpha\nClassifier: Development Status :: 4 - Beta\n"
    b"Classifier: Development Status :: 5 - Production/Stable\nClassifier: Environment :: Console\n"
    b"Classifier: Environment :: Web Environment\nClassifier: Intended Audience :: Developers\n"
    b"Classifier: Intended Audience :: Science/Research\nClassifier: Intended Audience :: System Administrators\n"
    b"Classifier: License :: OSI Approved :: Apache Software License\n"
    b"Classifier: License :: OSI Approved :: BSD License\n"
    b"Classifier: License :: OSI Approved :: MIT License\nClassifier: Natural Language :: English\n"
    b"Classifier: Operating System :: MacOS :: MacOS X\nClassifier: Operating System :: Microsoft :: Windows\n"
    b"Classifier: Operating System :: OS Independent\nClassifier: Operating System :: POSIX :: Linux\n"
    b"Classifier: Programming Language :: Python\nClassifier: Programming Language :: Python :: 2.7\n"
    b"Classifier: Programming Language :: Python :: 3\nClassifier: Programming Language :: Python :: 3 :: Only\n"
    b"Classifier: Programming Language :: Python :: 3.8\nClassifier: Programming Language :: Python :: 3.9\n"
    b"Classifier: Programming Language :: Python :: 3.10\nClassifier: Programming Language :: Python :: 3.11\n"
    b"Classifier: Programming Language :: Python :: 3.12\nClassifier: Programming Language :: Python :: 3.13\n"
    b"Classifier: Programming Language :: Python :: 3.14\n"
    b"Classifier: Programming Language :: Python :: Implementation :: CPython\n"
    b"Classifier: Programming Language :: Python :: Implementation :: PyPy\n"
    b"Classifier: Topic :: Internet :: WWW/HTTP\nClassifier: Topic :: Scientific/Engineering\n"
    b"Classifier: Topic :: Software Development :: Libraries :: Python Modules\nClassifier: Typing :: Typed\n"
    b"Description-Content-Type: text/x-rst\nDescription-Content-Type: text/markdown\nDescription: UNKNOWN\n"
    b"Provides-Extra: all\nProvides-Extra: dev\nProvides-Extra: docs\nProvides-Extra: test\nProvides-Extra: tests\n"
    b'Requires-Dist: importlib-metadata; python_version < "3.8"\nRequires-Dist: typing-extensions>=4.0; '
    b'python_version < "3.11"\nRequires-Dist: numpy>=1\nRequires-Dist: requests>=2\n'
    b"Requires-Dist: sphinx; extra == \"docs\"\nRequires-Dist: pytest-cov; extra == 'test'\n"
    b'Requires-Dist: pytest>=7; extra == "dev"\nRequires-Python: >=3.9\nRequires-Python: >=3.10\n'
    b'[build-system]\nrequires = ["setuptools>=61", "wheel"]\nbuild-backend = "setuptools.build_meta"\n\n'
    b'[project]\nname = ""\nversion = ""\ndependencies = [\n'
    b"Metadata-Version: 2.1\nMetadata-Version: 2.4\nName: \nVersion: \nSummary: "
)
"""What is near the end is cheapest to name. Changing a byte makes every stored text unreadable: that is a migration."""

_WINDOW, _MEMORY = -13, 6
"""8 KiB hold the shared words and a usual text; the largest window and memory cost five times as long to lay out."""

_LARGEST = 8 << 20


_PACKER = zlib.compressobj(9, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _SHARED)


def pack(text: bytes) -> bytes:
    """Return the text deflated."""
    packer = _PACKER.copy()  # half the time of laying out the shared words again
    return packer.compress(text) + packer.flush()


def unpack(packed: bytes) -> bytes:
    """Return the text of `pack`.

    Raises:
        ValueError: it is damaged.
    """
    opener = zlib.decompressobj(-15, _SHARED)
    try:
        text = opener.decompress(packed, _LARGEST)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not opener.eof:
        raise ValueError("the text is cut off")
    return text

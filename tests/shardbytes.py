"""What are the shards of a few releases? For the tests that need a folder of them, or one that is damaged."""

from pathlib import Path

from dataset import shards
from dataset.store import Store


def to_shards(releases, *, problems=(), crawled=None):
    """Return the shards and, last, the manifest, by file name."""
    with Store.create(Path(":memory:")) as store:
        store.put(releases, problems=problems)
        if crawled is not None:
            store.keep_crawled(crawled)
        return dict(shards.to_shards(store))

"""Athena over tables whose files are lists of the files with the rows: those with Hive's `SymlinkTextInputFormat`."""

import os
from urllib.parse import urlparse

import ministack.services.athena as athena
import ministack.services.s3 as s3

own_relation = athena._table_relation


def register():
    athena._table_relation = table_relation


def table_relation(table, files):
    """The relation of `table` over the files that the lists name, which lie beside their lists, in their partitions."""
    storage = table.get("StorageDescriptor") or {}
    if not storage.get("InputFormat", "").endswith(".SymlinkTextInputFormat"):
        return own_relation(table, files)
    named = [path for listing in files for path in fetch(listing)]
    return own_relation(table, named) if named else athena._empty_relation(table)


def fetch(listing):
    """Fetches what a list of `s3://bucket/key` names, and gives the paths. What is named and not there is an error, as in Athena."""
    with open(listing, encoding="utf-8") as lines:
        urls = [line.strip() for line in lines if line.strip()]
    os.remove(listing)
    for url in urls:
        parsed = urlparse(url)
        content = s3._get_object_data(parsed.netloc, parsed.path.lstrip("/"))
        if content is None:
            raise ValueError(f"HIVE_CANNOT_OPEN_SPLIT: {url} does not exist")
        path = os.path.join(os.path.dirname(listing), os.path.basename(parsed.path))
        with open(path, "wb") as file:
            file.write(content)
        yield path

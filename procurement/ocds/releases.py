"""Packages as OCDS 1.1: releases, records, packages of both, and JSON Lines in bulk.

The bids are the `bids` extension's. A package of releases may name its extensions by address (`with_extensions`);
checks without a network only work on packages that do not.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from core.sql import statement
from procurement.models import PackageQuerySet

SQL = statement("releases.sql", beside=__file__)
EXTENSIONS = ["https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json"]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
CHUNK = 500


def releases(
    packages: Iterable[int] | None = None, *, is_public: bool = True, is_compiled: bool = False
) -> Iterator[dict[str, Any]]:
    """The release of each package, by id. All packages when `packages` is None; memory does not grow with their
    number."""
    for text in release_texts(packages, is_public=is_public, is_compiled=is_compiled):
        yield json.loads(text)


def release_texts(
    packages: Iterable[int] | PackageQuerySet | None = None, *, is_public: bool = True, is_compiled: bool = False
) -> Iterator[str]:
    """The releases as JSON text, from a server-side cursor."""
    where, values = "true", {"public": is_public, "compiled": is_compiled}
    if isinstance(packages, PackageQuerySet):
        where = f"p.id IN ({packages.ids_in_sql()})"
    elif packages is not None:
        where, values["packages"] = "p.id = ANY (%(packages)s)", list(packages)  # type: ignore[assignment]  # the values are of several types
    with transaction.atomic():
        with connection.cursor() as setter:
            setter.execute("SET LOCAL TIME ZONE 'Asia/Makassar'; SET LOCAL jit = off")
        with connection.connection.cursor(name="ocds_releases") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(SQL.replace("{packages}", where), values)
            for _pk, _ocid, release in cursor:
                yield release if isinstance(release, str) else json.dumps(release, ensure_ascii=False)
        with connection.cursor() as setter:  # what the same transaction reads next is in Django's zone again
            setter.execute("SET LOCAL TIME ZONE %s; SET LOCAL jit TO DEFAULT", [connection.timezone_name])


def package_of(
    kind: str, items: list[dict[str, Any]], *, address: str, next_address: str = "", with_extensions: bool = False
) -> dict[str, Any]:
    """A release package (`kind` 'releases') or record package ('records') around the items."""
    package: dict[str, Any] = {
        "uri": address,
        "version": "1.1",
        "publishedDate": timezone.localtime().isoformat(timespec="seconds"),
        "publisher": {"name": settings.PUBLISHER_NAME},
        "license": LICENCE,
    }
    if with_extensions:
        package["extensions"] = EXTENSIONS
    if next_address:
        package["links"] = {"next": next_address}
    return package | {kind: items}


def record_of(release: dict[str, Any]) -> dict[str, Any]:
    """The record of a process: the compiled release with its only release embedded."""
    return {"ocid": release["ocid"], "releases": [release], "compiledRelease": release | {"tag": ["compiled"]}}

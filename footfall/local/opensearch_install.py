"""An OpenSearch distribution, laid out from Maven's jars: the core in `lib/`, each module in its own folder."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from footfall.local.home import local_home
from footfall.local.maven import POMS, fetch_jars
from footfall.local.node_user import within_reach

VERSION = "2.19.6"


class Module(NamedTuple):
    """A module: its plugin class, what its jars' names begin with, and the module it extends."""

    plugin: str
    jars: tuple[str, ...]
    extends: str = ""


MODULES = {
    "transport-netty4": Module(
        "org.opensearch.transport.Netty4Plugin",
        ("transport-netty4-client-", "netty-", "opensearch-netty4-", "slf4j-api-"),
    ),
    "lang-painless": Module(
        "org.opensearch.painless.PainlessPlugin",
        ("lang-painless-", "opensearch-scripting-painless-spi-", "antlr4-runtime-", "asm-"),
    ),
    "analysis-common": Module(
        "org.opensearch.analysis.common.CommonAnalysisPlugin", ("analysis-common-",), "lang-painless"
    ),
    "mapper-extras": Module("org.opensearch.index.mapper.MapperExtrasPlugin", ("mapper-extras-client-",)),
    "parent-join": Module("org.opensearch.join.ParentJoinPlugin", ("parent-join-client-",)),
    "percolator": Module("org.opensearch.percolator.PercolatorPlugin", ("percolator-client-",)),
    "reindex": Module(
        "org.opensearch.index.reindex.ReindexPlugin",
        ("reindex-client-", "opensearch-rest-client-", "opensearch-ssl-config-", "http", "commons-"),
    ),
    "aggs-matrix-stats": Module(
        "org.opensearch.search.aggregations.matrix.MatrixAggregationPlugin", ("aggs-matrix-stats-client-",)
    ),
    "ingest-common": Module(
        "org.opensearch.ingest.common.IngestCommonPlugin",
        ("ingest-common-", "opensearch-grok-", "opensearch-dissect-", "joni-", "jcodings-"),
        "lang-painless",
    ),
}

# The permissions of a published module are not in its jar; this is a stand on 127.0.0.1 that holds a lake's copy.
_POLICY = "grant { permission java.security.AllPermission; };\n"


def install(progress: Callable[[str], None] | None = None) -> Path:
    """The distribution's folder, `lib/`, `modules/` and `plugins/`: made once, then found.

    It lies in `local_home()/opensearch`, or below the temp folder where the node's user could not read that.

    Raises:
        FootfallError: the jars cannot be fetched.
    """
    folder = local_home() / "opensearch"
    jars = fetch_jars(POMS / "opensearch.xml", folder / "jars", progress)
    layout = hashlib.sha256(repr((VERSION, MODULES, [jar.name for jar in jars])).encode()).hexdigest()[:12]
    place = within_reach(folder) / f"node-{VERSION}-{layout}"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=place.parent, prefix="laying-out-") as temporary:
            made = Path(temporary) / "node"
            lay_out(jars, made)
            try:
                made.rename(place)
            except OSError:
                # Another process was first: the same name is the same content.
                if not place.exists():
                    raise
    return place


def lay_out(jars: list[Path], place: Path) -> None:
    """Lay the jars out as OpenSearch finds them; linked where the file system can, else copied."""
    for name in ("bin", "plugins"):
        # Unused, and the node would make them where they are missing, which its user may not.
        (place / name).mkdir(parents=True)
    for jar in jars:
        folder = place / "lib"
        for name, module in MODULES.items():
            if jar.name.startswith(module.jars):
                folder = place / "modules" / name
        folder.mkdir(parents=True, exist_ok=True)
        try:
            os.link(jar, folder / jar.name)
        except OSError:
            shutil.copyfile(jar, folder / jar.name)
        (folder / jar.name).chmod(0o644)
    for name, module in MODULES.items():
        descriptor = {
            "description": name,
            "version": VERSION,
            "name": name,
            "classname": module.plugin,
            "java.version": "11",
            "opensearch.version": VERSION,
            "extended.plugins": module.extends,
            "has.native.controller": "false",
        }
        folder = place / "modules" / name
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{key}={value}\n" for key, value in descriptor.items())
        (folder / "plugin-descriptor.properties").write_text(text)
        (folder / "plugin-security.policy").write_text(_POLICY)
    for path in (place, *place.rglob("*")):
        # Whatever our umask, the node's user reads them.
        path.chmod(0o755 if path.is_dir() else 0o644)

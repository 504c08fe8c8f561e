"""How many bytes the tracker's scripts are, beside those of others that are bundled from npm in the same run."""

import gzip
import math
import subprocess
import sys
from collections.abc import Iterator, Mapping

from bench._figures import Figure, run, say
from bench._scripts import ALTERNATIVES, DIST, REPOSITORY, build_ours, bundle, umami

CORE_BYTES = 4_096
EVERYTHING_BYTES = 9_216
LIMIT_TO_SNOWPLOW = 0.55
OURS = {"core": "footfall-core.js", "core_mid": "footfall-core-mid.js", "everything": "footfall.js"}
_LEFT_OUT = {"footfall-web-vitals.js"}
"""Google's library: loaded only where a site asks for it. The others are counted without it too."""


def measure(quick: bool) -> Iterator[Figure]:
    """The figures. There is no less of it to do: `quick` changes nothing."""
    say("tracker_size: building")
    build_ours()
    unknown = [path.name for path in DIST.glob("*.js") if path.name not in {*OURS.values(), *_LEFT_OUT}]
    assert not unknown, f"{unknown} in {DIST}: count what a bundle loads later with it"
    ours = {name: (DIST / file).read_bytes() for name, file in OURS.items()}
    theirs = {name: bundle(ALTERNATIVES / f"{name}.js") for name in ("plausible", "snowplow", "segment", "posthog")}
    theirs["umami"] = umami(REPOSITORY / "build" / "bench")
    sizes = {name: sizes_of(script) for name, script in {**ours, **theirs}.items()}
    for name, most in (("core", CORE_BYTES), ("everything", EVERYTHING_BYTES)):
        yield _alone(name, sizes[name], most)
    everything = sizes["everything"]
    yield Figure(
        "everything, beside Snowplow's core",
        everything["gzip"],
        sizes["snowplow"]["gzip"],
        "bytes, gzip -9",
        LIMIT_TO_SNOWPLOW,
        f"below {LIMIT_TO_SNOWPLOW}x",
        {"bundle": "snowplow", **sizes["snowplow"]},
    )
    yield _beside("core and mid, beside everything", "core_mid", sizes["core_mid"], everything, sizes["core_mid"])
    for name in ("umami", "plausible"):
        yield _beside(f"core, beside {name}", name, sizes["core"], sizes[name], sizes[name])
    for name in ("segment", "posthog"):
        yield _beside(f"everything, beside {name}", name, everything, sizes[name], sizes[name])


def sizes_of(script: bytes) -> dict[str, int]:
    """A script's bytes: as it is, after gzip -9, after brotli 11."""
    code = (
        "const z=require('zlib');const c=[];process.stdin.on('data',d=>c.push(d)).on('end',()=>"
        "console.log(z.brotliCompressSync(Buffer.concat(c)).length))"
    )
    brotli = subprocess.run(["node", "-e", code], input=script, capture_output=True, check=True).stdout
    return {"minified": len(script), "gzip": len(gzip.compress(script, 9, mtime=0)), "brotli": int(brotli)}


def _alone(name: str, sizes: Mapping[str, int], most: int) -> Figure:
    extra = {"bundle": name, **sizes}
    return Figure(name, sizes["gzip"], most, "bytes, gzip -9", 1.0, f"at most {most:,} bytes", extra)


def _beside(
    figure: str, name: str, ours: Mapping[str, int], theirs: Mapping[str, int], told: Mapping[str, int]
) -> Figure:
    """A figure without a goal. `name` and `told` say of which bundle the line tells all sizes."""
    extra = {"bundle": name, **told}
    return Figure(figure, ours["gzip"], theirs["gzip"], "bytes, gzip -9", math.inf, "to compare", extra)


if __name__ == "__main__":
    sys.exit(run("tracker_size", measure))

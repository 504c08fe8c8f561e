"""The npm package, as a site takes it: what the docs show compiles against its types, and bundles."""

import re
import subprocess
import tarfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
TRACKER = REPOSITORY / "tracker"
TOOLS = REPOSITORY / "node_modules" / ".bin"
PAGES = (REPOSITORY / "docs" / "tracker.md", TRACKER / "README.md")
EXAMPLES = [example for page in PAGES for example in re.findall(r"```ts\n(.+?)```", page.read_text(), re.DOTALL)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the package is installed."""
    folder = tmp_path_factory.mktemp("site")
    # As it was built: a build would take the files away under other tests.
    pack = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    subprocess.run(pack, cwd=TRACKER, check=True, capture_output=True)
    (packed,) = folder.glob("*.tgz")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    installed = folder / "node_modules" / "@footfall" / "tracker"
    installed.parent.mkdir(parents=True)
    (folder / "package").rename(installed)
    return folder


def compiled(site: Path, text: str) -> subprocess.CompletedProcess[str]:
    (site / "page.ts").write_text(text)
    options = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom", "--module", "esnext"]
    command = [str(TOOLS / "tsc"), *options, "--moduleResolution", "bundler", "page.ts"]
    return subprocess.run(command, cwd=site, check=False, capture_output=True, text=True)


def test_the_docs_have_examples() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_docs_compiles(site: Path, example: str) -> None:
    done = compiled(site, example)
    assert done.returncode == 0, done.stdout


def test_an_event_that_the_site_does_not_know_does_not_compile(site: Path) -> None:
    done = compiled(site, EXAMPLES[0] + '\ntracker.track("newsletter", { lst: "weekly" });\n')
    assert "'lst' does not exist" in done.stdout


def test_a_bundle_has_only_what_is_imported(site: Path) -> None:
    (site / "core.js").write_text('import { init } from "@footfall/tracker"; init({ key: "k" });')
    command = [str(TOOLS / "esbuild"), "core.js", "--bundle", "--minify", "--format=esm"]
    bundled = subprocess.run(command, cwd=site, check=True, capture_output=True, text=True).stdout
    assert '"page_view"' in bundled
    assert '"dead_click"' not in bundled
    assert '"pointermove"' not in bundled


def test_the_scripts_and_their_hashes_are_in_it(site: Path) -> None:
    dist = site / "node_modules" / "@footfall" / "tracker" / "dist"
    assert {path.name for path in dist.glob("footfall*.js")} == {
        *("footfall.js", "footfall-core.js", "footfall-core-mid.js", "footfall-web-vitals.js")
    }
    assert {path.name for path in dist.glob("*.map")} == {
        *(f"{path.name}.map" for path in dist.glob("footfall*.js")),
        "index.mjs.map",
    }
    assert (dist / "integrity.json").is_file()

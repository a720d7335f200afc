"""The build hook: compiles the native core where it can; elsewhere it says so in a line, and Python runs instead.

`python hatch_build.py` compiles in place, in a checkout.
"""

import os
import sys
import tempfile
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT: Final = Path(__file__).resolve().parent
CORE: Final = Path("winnow") / "native"
NEEDED: Final = {"Cython": "Cython", "lxml": "lxml", "setuptools": "setuptools"}
HEADERS: Final = ("etree_defs.h", "lxml-version.h", "libxml/tree.h")
# As of IEEE 754: no fused multiplication and addition, so that each number has the bits that Python gives it.
DIRECTIVES: Final = {"language_level": 3, "wraparound": False, "cdivision": True}
FLAGS: Final = ("-O3", "-ffp-contract=off", "-g0", "-Wno-unused-function")


class NativeCoreHook(BuildHookInterface[Any]):
    """Adds the compiled core to a wheel, or puts it beside its sources for an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files of a wheel are gathered."""
        is_editable = version == "editable"
        folder = ROOT if is_editable else Path(tempfile.mkdtemp(prefix="winnow-native-"))
        reason = why_not() or compile_core(folder)
        if reason:
            self.app.display_warning(
                f"The native core is not built, and Python runs in its place: {reason}"
            )
            return
        self.app.display_info("The native core is built.")
        if not is_editable:
            build_data["pure_python"], build_data["infer_tag"] = False, True
            built = [path for path in (folder / CORE).iterdir() if path.suffix in {".so", ".pyd"}]
            build_data["force_include"] |= {str(path): str(CORE / path.name) for path in built}


def why_not() -> str:
    """What is missing, or forbids it, before a compiler is tried; "" for nothing."""
    core = _core()
    if os.environ.get(core.SWITCH) == "0":
        return f"{core.SWITCH}=0"
    if sys.implementation.name != "cpython":
        return f"{sys.implementation.name} is not CPython"
    missing = [name for module, name in NEEDED.items() if find_spec(module) is None]
    if missing:
        return f"{', '.join(missing)} not installed"
    folders = [Path(folder) for folder in import_module("lxml").get_include()]
    absent = [header for header in HEADERS if not any((folder / header).is_file() for folder in folders)]
    return f"lxml came without {absent[0]}" if absent else ""


def compile_core(folder: Path) -> str:
    """Compile the core below a folder, as a tree of the package; why that failed, "" where it did not."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension
    from setuptools.errors import CCompilerError, ExecError, PlatformError

    core = _core()
    options: Mapping[str, Any] = {
        "include_dirs": import_module("lxml").get_include(),
        "define_macros": [("WINNOW_SOURCE_HASH", f'"{core.source_hash(ROOT / CORE)}"')],
        "extra_compile_args": [*FLAGS, *os.environ.get("WINNOW_NATIVE_FLAGS", "").split()],
        "extra_link_args": os.environ.get("WINNOW_NATIVE_FLAGS", "").split(),
    }
    sources = sorted(path.relative_to(ROOT) for path in (ROOT / CORE).glob("*.pyx"))
    extensions = [
        Extension(".".join(path.with_suffix("").parts), [str(path)], language="c++", **options)
        for path in sources
    ]
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="winnow-build-") as build:
        os.chdir(ROOT)  # the names of modules are told by relative paths
        try:
            checks = os.environ.get("WINNOW_NATIVE_CHECKS") == "1"
            directives = DIRECTIVES | {"boundscheck": checks, "initializedcheck": checks}
            modules = cythonize(
                extensions, build_dir=build, quiet=True, force=True, compiler_directives=directives
            )
            distribution = Distribution({"name": "winnow-corpus", "ext_modules": modules})
            command = distribution.get_command_obj("build_ext")
            command.build_temp, command.build_lib, command.parallel = build, str(folder), os.cpu_count()
            command.ensure_finalized()
            command.run()
        except (CCompilerError, ExecError, PlatformError) as error:
            return str(error).strip().partition("\n")[0] or type(error).__name__
        finally:
            os.chdir(before)
    return ""


def _core() -> ModuleType:
    """`winnow.native`, of these files: the package itself may not be importable while it is built."""
    spec = spec_from_file_location("winnow_native", ROOT / CORE / "__init__.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    sys.modules["winnow_native"] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    FAILURE = why_not() or compile_core(ROOT)
    sys.exit(f"The native core is not built, and Python runs in its place: {FAILURE}" if FAILURE else 0)

"""Third-party front-end files straight from node_modules: only the files listed here are served."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import Error, register
from django.core.files.storage import FileSystemStorage

NODE_MODULES = settings.BASE_DIR / "node_modules"
# public name under /static/ -> file under node_modules
FILES = {
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
}


def missing_files():
    """The listed files that are neither installed nor, as in a container, collected already."""
    collected = Path(settings.STATIC_ROOT)
    return [
        name
        for public, name in FILES.items()
        if not (NODE_MODULES / name).is_file() and not (collected / public).is_file()
    ]


class NpmStorage(FileSystemStorage):
    """Answers to public names, reads from node_modules."""

    def __init__(self):
        super().__init__(location=NODE_MODULES)

    def path(self, name):
        return str(NODE_MODULES / FILES[name])


class NpmFinder(BaseFinder):
    """Finds exactly the files of `FILES`."""

    storage = NpmStorage()

    def find(self, path, find_all=False, **kwargs):
        """Absolute path of a public name, `[]` when it is not one of ours."""
        # Django 5.2 renamed the argument `all`; both spellings may arrive.
        find_all = kwargs.get("all", find_all)
        if path not in FILES or not (NODE_MODULES / FILES[path]).is_file():
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns):
        """Pairs (public name, storage) for collectstatic."""
        for name in FILES:
            yield name, self.storage


@register("staticfiles")
def check_node_modules(app_configs, **kwargs):
    """Says what to do when the packages are not installed."""
    if missing := missing_files():
        return [Error(f"Not installed: {', '.join(missing)}.", hint="Run npm ci.", id="safetyledger.E001")]
    return []

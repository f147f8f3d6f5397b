"""Files of the pages without a build step: which files are collected, and how they are named and compressed (ui.md 1.6)."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(StaticFilesConfig):
    """Leaves out what no page uses; django-htmx's extensions also stop the rewriting of module imports (tried)."""

    name = "django.contrib.staticfiles"
    ignore_patterns = ["CVS", ".*", "*~", "hx-*.js", "htmax*", "htmx-4*", "*.map", "redoc*", "rest_framework"]


class Static(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Hashed names for ever-lasting caching, also inside `import … from "./queue.js"`, with .br and .gz beside each file."""

    support_js_module_import_aggregation = True
    # without the rules for source maps: we leave the maps out
    patterns = tuple(
        (suffix, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for suffix, rules in CompressedManifestStaticFilesStorage.patterns
    )

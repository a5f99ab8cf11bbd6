"""Static files with their hash in the name, compressed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


def without_source_maps(patterns):
    """Django's patterns less those that follow sourceMappingURL: npm packages name maps we do not serve."""
    kept = []
    for glob, rules in patterns:
        rules = tuple(rule for rule in rules if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0]))
        if rules:
            kept.append((glob, rules))
    return tuple(kept)


class ManifestStorage(CompressedManifestStaticFilesStorage):
    # What our scripts import is named by its hash like the scripts themselves. Packages' scripts are left as they came:
    # some import files that their package does not bring.
    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
    patterns = without_source_maps(CompressedManifestStaticFilesStorage.patterns)

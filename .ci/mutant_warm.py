"""Makes a mutant of a module that is loaded already, where that is the same as loading it anew.

A function takes the code of its mutant, wherever it is referred to; a plain constant is set in every module that imported it. What else
a change at the level of the module may have led to elsewhere nobody knows: `become` says no, and the mutant is loaded anew.
"""

import gc
import sys
from types import CodeType, FunctionType

PLAIN = (str, int, float, bool, type(None))


def functions_in(path):
    """Every function that was made of the file ``path``, whoever holds it."""
    return [one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename == str(path)]


def become(name, path, before, after, functions):
    """Turn the loaded module called ``name`` from the text ``before`` into ``after``; False, and nothing done, where that is unsafe.

    ``functions``: what `functions_in` found.
    """
    old, new = (compile(text, str(path), "exec", dont_inherit=True) for text in (before, after))
    if not _own_same(old, new):
        return _set_constants(sys.modules[name], new) if _functions_same(old, new) else False
    changed = {}
    if not _collect(old, new, changed, inside=False):
        return False
    found = [one for one in functions if one.__code__ in changed]
    if not {one.__code__ for one in found} >= {code for code, (_, needed) in changed.items() if needed}:
        return False
    for one in found:
        one.__code__ = changed[one.__code__][0]
    return bool(found)


def _inner(code):
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _own_same(old, new):
    """Whether two codes are the same but for the functions in them."""
    plain = [[one for one in code.co_consts if not isinstance(one, CodeType)] for code in (old, new)]
    names = [one.co_name for one in _inner(old)] == [one.co_name for one in _inner(new)]
    same = (old.co_code, old.co_names, old.co_varnames) == (new.co_code, new.co_names, new.co_varnames)
    return names and same and repr(plain[0]) == repr(plain[1])


def _functions_same(old, new):
    inner = _inner(old), _inner(new)
    return len(inner[0]) == len(inner[1]) and all(
        _own_same(*pair) and _functions_same(*pair) for pair in zip(*inner, strict=True)
    )


def _collect(old, new, changed, inside):
    """Enter every function that is or holds what changed: ``{old code: (new code, whether it must be found)}``.

    The outermost must be; what is made by it, a comprehension or a closure, comes with it.
    """
    for one, other in zip(_inner(old), _inner(new), strict=True):
        if _own_same(one, other) and _functions_same(one, other):
            continue
        is_class = "__module__" in one.co_names and "__qualname__" in one.co_names
        if is_class:
            if not _own_same(one, other):
                return False
        else:
            changed[one] = (other, not inside)
        if _own_same(one, other) and not _collect(one, other, changed, inside or not is_class):
            return False
    return True


def _is_plain(value):
    if isinstance(value, dict):
        return all(_is_plain(one) for pair in value.items() for one in pair)
    if isinstance(value, tuple | list | set | frozenset):
        return all(map(_is_plain, value))
    return type(value) in PLAIN


def _set_constants(module, code):
    made = {"__name__": module.__name__, "__file__": module.__file__}
    try:
        exec(code, made)  # noqa: S102 - the mutant itself
    except Exception:
        return False
    here = vars(module)
    differ = {
        name: value
        for name, value in made.items()
        if _is_plain(value) and _is_plain(here.get(name)) and here.get(name) != value
    }
    differ.pop("__name__", None)
    for name, value in differ.items():
        old = here[name]
        everywhere = [one for one in list(sys.modules.values()) if getattr(one, "__dict__", {}).get(name) is old]
        for one in everywhere:
            setattr(one, name, value)
    return bool(differ)

"""What a page costs over its own statements and its own template."""

from django.template import Context
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from bench.measuring import Incomparable, alternate, queries_of, run_bare


def over_its_own(reader, url, *, rounds):
    """``(Pair, queries)``: the page ``url`` as ``reader`` gets it over its own statements and its own template."""
    client = Client(SERVER_NAME="localhost", HTTP_ACCEPT_LANGUAGE="zh-hans", raise_request_exception=True)
    client.force_login(reader)
    pages = []
    product = lambda: pages.append(client.get(url))  # noqa: E731 - the thing measured, not a function of ours
    template, context = _rendered(product, pages)  # also the first visit, which fills the minute's cache
    statements = queries_of(product)
    size = len(pages[-1].content)
    floor = _floor(statements, template, context)
    if any(page.status_code != 200 for page in pages):
        raise Incomparable(f"{url} does not answer with 200")
    text = []
    if queries_of(lambda: text.append(template.render(Context(context)))) or len(text[0].encode()) != size:
        raise Incomparable("the template alone does not give the page that was sent")
    pages.clear()
    return alternate(lambda: client.get(url), floor, rounds=rounds), len(statements)


def _rendered(visit, pages):
    """The template of the page and everything it was given, all of it evaluated by having been rendered once."""
    setup_test_environment(debug=False)
    try:
        visit()
    finally:
        teardown_test_environment()
    page = pages[-1]
    return page.templates[0], page.context[0].flatten()


def _floor(statements, template, context):
    def floor():
        run_bare(statements)
        template.render(Context(context)).encode()

    return floor

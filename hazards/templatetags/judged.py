"""What pages of standards, which know nothing of hazards, say of those judged by them."""

from django import template

from hazards.models import Hazard

register = template.Library()


@register.simple_tag(takes_context=True)
def judged_by(context, standard):
    """How many hazards in the ledger of whoever reads the page were judged by ``standard``."""
    user = context["request"].user
    return Hazard.objects.ledger_of(user).filter(criterion__in=standard.criteria.order_by().values("pk")).count()

"""The four responsibilities of a hazard, as they stand flat on its row (docs/adr/0002)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Responsibility:
    """One of the four: ``kind`` territorial 属地, competent 主管, supervising 监管, enterprise 企业; a body and a named person."""

    kind: str
    body_name: str
    person: str
    post: str
    phone: str
    holder_id: int | None = None
    left: bool = False  # the named person serves the body no more; asked for by `hazards.responsibility.flags_of_left`


def four_of(hazard):
    """The four of ``hazard``, always in the order 属 主 监 企."""
    four = []
    for kind in ("territorial", "competent", "supervising", "enterprise"):
        body = hazard.enterprise if kind == "enterprise" else getattr(hazard, f"{kind}_unit")
        holder = getattr(hazard, f"{kind}_holder")
        four.append(
            Responsibility(
                kind=kind,
                body_name="" if body is None else getattr(body, "short_name", body.name),
                person=getattr(hazard, f"{kind}_person"),
                post=holder.post if holder else "",
                phone=getattr(hazard, f"{kind}_phone"),
                holder_id=getattr(hazard, f"{kind}_holder_id"),
                left=getattr(hazard, f"left_{kind}", False),
            )
        )
    return four

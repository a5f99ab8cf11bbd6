from hazards.views.actions import act
from hazards.views.desk import desk
from hazards.views.detail import detail
from hazards.views.ledger import export, ledger
from hazards.views.photos import photo, photo_thumbnail, photo_upload
from hazards.views.registration import register

__all__ = [
    "act", "desk", "detail", "export", "ledger", "photo", "photo_thumbnail",
    "photo_upload", "register",
]  # fmt: skip

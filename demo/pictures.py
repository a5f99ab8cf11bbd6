"""Drawn photographs, before and after: no words in them, so that they say nothing untrue."""

import io
from functools import cache

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from evidence.operations import store_photo

SIZE, PRINT = (1280, 960), (960, 720)  # drawn, then made smaller, which softens the edges
STEEL, DARK, RED, YELLOW, GREEN, WOOD = "#7d8790", "#33383d", "#a8322a", "#d9a521", "#3d7a4a", "#a07b4f"


def camera_at(accident_type, seed):
    """A camera at one place: ``camera(by=, at=, fixed=)`` takes the Photo of the scene, untidy or mended."""

    def camera(*, by, at, fixed):
        return store_photo(draw(accident_type, seed, fixed=fixed), by=by, at=at)

    return camera


def draw(accident_type, seed, *, fixed):
    """A JPEG file of the scene that goes with ``accident_type``; the same ``seed`` gives the same place."""
    picture = _room(seed)
    scene = next((paint for words, paint in SCENES if any(word in accident_type for word in words)), _clutter)
    scene(ImageDraw.Draw(picture), (seed >> 8) % 160 - 80, fixed)
    picture = Image.blend(picture.resize(PRINT, Image.Resampling.BILINEAR), _grain(), 0.13)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return ContentFile(out.getvalue(), name="现场照片.jpg")


@cache
def _grain():
    return Image.effect_noise(PRINT, 38).convert("RGB")


def _room(seed):
    """Wall and floor, lit from above, in one of a few colours."""
    light = Image.linear_gradient("L").resize(SIZE).point(lambda value: 255 - value // 2)
    walls = ("#b9b4a6", "#a9b5b8", "#c2bda9", "#9fa7a0", "#b5a99c")
    picture = Image.new("RGB", SIZE, walls[seed % len(walls)])
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 680), (1280, 640), (1280, 960), (0, 960)], fill="#6f6a63")
    for x in range(-200, 1400, 190):
        pen.line([(x + 120, 655), (x, 960)], fill="#645f58", width=3)
    pen.rectangle([0, 60, 1280, 74], fill="#8b8d8c")
    return Image.composite(picture, Image.new("RGB", SIZE, "#26282a"), light)


def _exit(pen, shift, fixed):
    x = 520 + shift
    pen.rectangle([x, 200, x + 300, 690], fill="#4f6d63", outline=DARK, width=8)
    pen.rectangle([x + 60, 140, x + 240, 185], fill=GREEN)
    pen.rectangle([x + 20, 440, x + 280, 462], fill=STEEL)
    if not fixed:
        for row, count in ((0, 4), (1, 3), (2, 2)):
            for i in range(count):
                left, top = x - 60 + i * 120 + row * 50, 720 - row * 110
                pen.rectangle([left, top, left + 112, top + 104], fill=WOOD, outline="#6d5232", width=4)
                pen.line([(left, top + 50), (left + 112, top + 50)], fill="#c9b183", width=8)


def _cabinet(pen, shift, fixed):
    x = 470 + shift
    pen.rectangle([x, 210, x + 330, 640], fill=STEEL, outline=DARK, width=8)
    if fixed:
        pen.rectangle([x + 20, 230, x + 310, 620], fill="#8f99a1", outline=DARK, width=3)
        pen.polygon([(x + 165, 300), (x + 225, 410), (x + 105, 410)], fill=YELLOW, outline=DARK)
        return
    pen.rectangle([x + 20, 230, x + 310, 620], fill="#1f2326")
    for i, colour in enumerate((RED, YELLOW, GREEN, "#2b5ea0", RED)):
        start = x + 50 + i * 52
        pen.rectangle([start, 270, start + 36, 350], fill="#d8d8d2")
        wire = [(start + 18, 350), (start - 30 + i * 20, 520), (x - 60 + i * 90, 760)]
        pen.line(wire, fill=colour, width=9, joint="curve")
    pen.polygon([(x + 330, 210), (x + 470, 260), (x + 470, 700), (x + 330, 640)], fill="#87919a", outline=DARK)


def _machine(pen, shift, fixed):
    x = 430 + shift
    pen.rectangle([x, 480, x + 460, 730], fill="#4d6b86", outline=DARK, width=8)
    for centre, size in ((x + 130, 120), (x + 340, 80)):
        pen.ellipse([centre - size, 420 - size, centre + size, 420 + size], fill=STEEL, outline=DARK, width=10)
        pen.ellipse([centre - 22, 398, centre + 22, 442], fill=DARK)
    pen.line([(x + 130, 300), (x + 340, 340)], fill=DARK, width=12)
    pen.line([(x + 130, 540), (x + 340, 500)], fill=DARK, width=12)
    if fixed:
        pen.rounded_rectangle([x - 20, 270, x + 450, 570], 40, fill=YELLOW, outline="#8a6a12", width=8)
        for slot in range(x + 20, x + 420, 44):
            pen.line([(slot, 320), (slot, 520)], fill="#8a6a12", width=10)


def _edge(pen, shift, fixed):
    pen.rectangle([0, 560, 1280, 600], fill="#8f8b84")
    pen.rectangle([0, 600, 1280, 960], fill="#3a4148")
    for x in range(80 + shift, 1280, 240):
        if fixed or not 400 < x < 900:
            pen.rectangle([x, 300, x + 18, 570], fill=RED)
    for top in (320, 430, 535):
        pen.line([(0, top), (1280 if fixed else 380 + shift, top)], fill=YELLOW, width=14)
        if not fixed:
            pen.line([(930 + shift, top), (1280, top)], fill=YELLOW, width=14)


def _tank(pen, shift, fixed):
    x = 450 + shift
    pen.rounded_rectangle([x, 220, x + 360, 700], 60, fill="#c5cbd0", outline=DARK, width=8)
    pen.rectangle([x + 360, 560, x + 560, 596], fill=STEEL)
    pen.ellipse([x + 430, 530, x + 500, 626], fill=RED if not fixed else GREEN, outline=DARK, width=6)
    pen.ellipse([x + 140, 280, x + 220, 360], fill="#f4f4ee", outline=DARK, width=6)
    pen.line([(x + 180, 320), (x + (210 if not fixed else 180), 292)], fill=RED, width=6)
    if not fixed:
        pen.ellipse([x + 300, 740, x + 720, 850], fill="#2f3a2c")
        pen.line([(x + 470, 596), (x + 480, 770)], fill="#2f3a2c", width=14)


def _clutter(pen, shift, fixed):
    pen.rectangle([140 + shift, 300, 760 + shift, 330], fill=STEEL)
    pen.rectangle([140 + shift, 480, 760 + shift, 510], fill=STEEL)
    for x in (140, 440, 740):
        pen.rectangle([x + shift, 240, x + 22 + shift, 720], fill=DARK)
    for i, colour in enumerate((WOOD, RED, "#54708a", GREEN, WOOD)):
        if fixed:
            left, top = 180 + i * 110 + shift, 390 if i % 2 else 210
        else:
            left, top = 240 + i * 150 + shift, 700 + (i * 53) % 110
        pen.rectangle([left, top, left + 96, top + 88], fill=colour, outline=DARK, width=4)


SCENES = (
    (("火灾",), _exit),
    (("触电",), _cabinet),
    (("机械", "车辆", "起重"), _machine),
    (("坠落", "跌落", "坍塌", "滑坡"), _edge),
    (("爆炸", "泄漏", "中毒", "窒息", "灼烫"), _tank),
)

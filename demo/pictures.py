"""Drawn photographs, before and after: no words in them, so that they say nothing untrue."""

import random
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

SIZE, PRINT = (1280, 960), (640, 480)  # drawn, then made smaller, which softens the edges
STEEL, DARK, RED, YELLOW, GREEN, WOOD = "#7d8790", "#33383d", "#a8322a", "#d9a521", "#3d7a4a", "#a07b4f"
BLUE, PALE, RUST = "#2b5ea0", "#d8d8d2", "#8a5a3a"


def draw(scene, place, *, fixed):
    """A picture of the kind ``scene`` (a key of ``SCENES``); the same ``place`` (from 0) is the same room, untidy or mended."""
    picture = _room(place)
    SCENES[scene](ImageDraw.Draw(picture), place * 67 % 200 - 100, fixed)
    return Image.blend(picture.resize(PRINT, Image.Resampling.BILINEAR), _grain(), 0.1)


@cache
def _grain():
    """Noise as of a small lens, the same every time."""
    noise = Image.frombytes("L", PRINT, random.Random(7).randbytes(PRINT[0] * PRINT[1]))  # noqa: S311 - no secret
    return noise.filter(ImageFilter.GaussianBlur(0.6)).convert("RGB")


@cache
def _light():
    return Image.linear_gradient("L").resize(SIZE).point(lambda value: 255 - value // 2)


def _room(seed):
    """Wall and floor, lit from above, in one of a few colours."""
    walls = ("#b9b4a6", "#a9b5b8", "#c2bda9", "#9fa7a0", "#b5a99c")
    picture = Image.new("RGB", SIZE, walls[seed % len(walls)])
    pen = ImageDraw.Draw(picture)
    pen.polygon([(0, 680), (1280, 640), (1280, 960), (0, 960)], fill="#6f6a63")
    for x in range(-200, 1400, 190):
        pen.line([(x + 120, 655), (x, 960)], fill="#645f58", width=3)
    pen.rectangle([0, 60, 1280, 74], fill="#8b8d8c")
    return Image.composite(picture, Image.new("RGB", SIZE, "#26282a"), _light())


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


def _extinguisher(pen, shift, fixed):
    x = 520 + shift
    pen.rectangle([x - 40, 300, x + 300, 700], fill="#c9c4b6", outline=DARK, width=6)
    for i in range(2 if fixed else 1):
        left = x + 20 + i * 130
        pen.rounded_rectangle([left, 390, left + 90, 680], 30, fill=RED, outline=DARK, width=5)
        pen.rectangle([left + 30, 350, left + 60, 395], fill=DARK)
        pen.ellipse([left + 24, 430, left + 66, 472], fill=PALE, outline=DARK, width=4)
        pen.line([(left + 45, 451), (left + (60 if fixed else 30), 440)], fill=GREEN if fixed else RED, width=5)
    if not fixed:
        pen.rectangle([x + 110, 560, x + 420, 760], fill=WOOD, outline=RUST, width=5)
        pen.line([(x + 110, 640), (x + 420, 640)], fill="#c9b183", width=10)


def _vehicle(pen, shift, fixed):
    x = 330 + shift
    pen.rectangle([x, 400, x + 430, 660], fill="#54708a", outline=DARK, width=8)
    pen.polygon(
        [(x + 430, 470), (x + 560, 470), (x + 620, 570), (x + 620, 660), (x + 430, 660)], fill=YELLOW, outline=DARK
    )
    pen.polygon([(x + 450, 490), (x + 545, 490), (x + 585, 565), (x + 450, 565)], fill="#b9cdd6", outline=DARK)
    for centre in (x + 100, x + 330, x + 530):
        pen.ellipse([centre - 58, 610, centre + 58, 726], fill="#1f2326", outline=DARK, width=4)
        pen.ellipse([centre - 24, 644, centre + 24, 692], fill=STEEL if fixed or centre != x + 530 else RUST)
    pen.rectangle([x + 596, 590, x + 622, 624], fill="#f4f4c0" if fixed else "#3a3a34", outline=DARK, width=3)
    if not fixed:
        pen.ellipse([x + 480, 712, x + 700, 760], fill="#2f2a26")


def _cylinders(pen, shift, fixed):
    x = 340 + shift
    for i in range(4):
        left = x + i * 150
        tilt = 0 if fixed or i != 2 else 70
        pen.rounded_rectangle(
            [left + tilt, 420 + tilt, left + 105 + tilt, 720], 40, fill=STEEL if i % 2 else BLUE, outline=DARK, width=6
        )
        pen.rectangle([left + 36 + tilt, 382 + tilt, left + 70 + tilt, 424 + tilt], fill=DARK)
    if fixed:
        pen.line([(x - 20, 520), (x + 600, 520)], fill=YELLOW, width=12)
    else:
        pen.line(
            [(x + 52, 392), (x + 200, 300), (x + 420, 360), (x + 640, 250)], fill="#c96a2a", width=10, joint="curve"
        )


def _duct(pen, shift, fixed):
    x = 200 + shift
    pen.rectangle([x, 230, x + 700, 330], fill="#aab3b9", outline=DARK, width=7)
    pen.polygon([(x + 560, 330), (x + 700, 330), (x + 660, 560), (x + 600, 560)], fill="#98a2a9", outline=DARK)
    for joint in range(x + 120, x + 700, 170):
        pen.rectangle([joint, 220, joint + 22, 340], fill=DARK)
    if fixed:
        pen.rectangle([x + 250, 200, x + 350, 232], fill=GREEN, outline=DARK, width=4)
        return
    for left, size in ((x + 40, 150), (x + 300, 210), (x + 560, 240)):
        pen.ellipse([left, 760 - size // 3, left + size * 2, 800 + size // 4], fill="#b79563")
        pen.ellipse([left + 20, 215, left + size, 250], fill="#c9a878")


def _pit(pen, shift, fixed):
    x = 360 + shift
    pen.ellipse([x, 600, x + 560, 820], fill="#17191a", outline="#8f8b84", width=18)
    if fixed:
        pen.ellipse([x + 14, 606, x + 546, 812], fill="#5d6369", outline=DARK, width=6)
        for slot in range(x + 90, x + 500, 56):
            pen.line([(slot, 640), (slot, 780)], fill="#43484d", width=10)
    for post in (x - 60, x + 280, x + 610) if fixed else (x - 60,):
        pen.rectangle([post, 420, post + 20, 640], fill=RED)
        pen.rectangle([post, 480, post + 20, 530], fill=PALE)
    if fixed:
        pen.line([(x - 50, 470), (x + 620, 470)], fill=YELLOW, width=12)
    else:
        pen.line([(x + 120, 610), (x + 90, 860)], fill=WOOD, width=16)


def _board(pen, shift, fixed):
    x = 360 + shift
    pen.rectangle([x, 200, x + 560, 590], fill="#8a6b4a", outline=DARK, width=10)
    for row in range(2):
        for column in range(3):
            left, top = x + 36 + column * 176, 232 + row * 176
            if not fixed and (row + column) % 2:
                continue
            pen.rectangle([left, top, left + 136, top + 150], fill="#f1efe6", outline="#9b978c", width=3)
            for line in range(top + 24, top + (140 if fixed else 70), 22):
                pen.line([(left + 16, line), (left + 118, line)], fill="#7a7f86", width=5)
    if fixed:
        pen.ellipse([x + 470, 490, x + 540, 560], outline=RED, width=8)


SCENES = {
    "exit": _exit, "cabinet": _cabinet, "machine": _machine, "edge": _edge, "tank": _tank, "shelf": _clutter,
    "extinguisher": _extinguisher, "vehicle": _vehicle, "cylinder": _cylinders, "duct": _duct, "pit": _pit, "board": _board,
}  # fmt: skip

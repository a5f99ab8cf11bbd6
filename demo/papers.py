"""Papers as firms and authorities send them: one page of PDF, in a type that every reader brings along."""

PAGE = (595, 842)  # points, A4
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts ["
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)


def paper(title, *lines):
    """A PDF of one page with ``title`` and ``lines``, each short enough for the page; the same words give the same bytes."""
    shown = [_line(20, 770, title)] + [_line(12, 720 - 26 * place, line) for place, line in enumerate(lines)]
    text = b"\n".join(shown)
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
        % PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        FONT,
    )
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(out),
    )  # fmt: skip


def _line(size, height, words):
    return b"BT /F1 %d Tf 72 %d Td <%s> Tj ET" % (size, height, words.encode("utf-16-be").hex().encode())

"""Writes a picture of the page again with 256 colours, which is a third of its size: smaller.py FILE.png..."""
import collections, struct, sys, zlib


def chunks(data):
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + length]
        at += length + 12


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def paeth(left, up, corner):
    nearest = left + up - corner
    a, b, c = abs(nearest - left), abs(nearest - up), abs(nearest - corner)
    return left if a <= b and a <= c else up if b <= c else corner


def lines(raw, width, height, size):
    """The filters of the PNG specification, undone line by line."""
    before, step = bytearray(width * size), width * size + 1
    for row in range(height):
        how, line = raw[row * step], bytearray(raw[row * step + 1:(row + 1) * step])
        for i in range(len(line)):
            left, corner = (line[i - size], before[i - size]) if i >= size else (0, 0)
            line[i] = (line[i] + (0, left, before[i], (left + before[i]) // 2, paeth(left, before[i], corner))[how]) & 255
        yield line
        before = line


def smaller(data):
    head = next(body for kind, body in chunks(data) if kind == b"IHDR")
    width, height, depth, colours = struct.unpack(">IIBB", head[:10])
    size = {2: 3, 6: 4}[colours]
    assert depth == 8
    raw = zlib.decompress(b"".join(body for kind, body in chunks(data) if kind == b"IDAT"))
    # Neighbours in colour become one, so that few are left to choose from.
    coarse = bytes(value & 0xf8 | value >> 5 for value in range(256))
    seen = (bytes(line.translate(coarse)) for line in lines(raw, width, height, size))
    picture = [[line[i:i + 3] for i in range(0, len(line), size)] for line in seen]
    counts = collections.Counter(pixel for line in picture for pixel in line)
    palette = [pixel for pixel, _ in counts.most_common(256)]
    index = {pixel: number for number, pixel in enumerate(palette)}
    for pixel in counts:
        if pixel not in index:
            index[pixel] = min(range(len(palette)), key=lambda n: sum((a - b) ** 2 for a, b in zip(pixel, palette[n])))
    body = b"".join(b"\0" + bytes(index[pixel] for pixel in line) for line in picture)
    return (data[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)) + chunk(b"PLTE", b"".join(palette))
            + chunk(b"IDAT", zlib.compress(body, 9)) + chunk(b"IEND", b""))


for name in sys.argv[1:]:
    with open(name, "rb") as file:
        data = file.read()
    with open(name, "wb") as file:
        file.write(smaller(data))

# SPDX-License-Identifier: Apache-2.0
"""The ring of a log: the part of tools/read-log that reads it, from docs/FORMAT.md alone."""

import struct

RING_HEADER = struct.Struct("<Q8I16sQQ2Q")
RING_INTENT = struct.Struct("<QII")
RING_STATUS = struct.Struct("<ii6q")
RING_TOTALS = struct.Struct("<6I")
RING_TOTALS_AT = 1768
RING_PARTS_AT = 1792
RING_MAGIC, INTENT_ENTRIES, CLOSED, REDO_ENTRIES = 0x676E697250415450, 64, 3, 8192
STATUS, TOTAL = 2, 16
STATUS_KEYS = "state reason events dropped clocks cpus threads handles".split()
DAMAGE = (ValueError, IndexError, struct.error, RecursionError)

# Section, rows, fields behind `key`, buckets behind the fields.
TOTALS = (
    ("process", 1, "documents calls gaps established refused sum max working last overflow", 0),
    ("command", 65, "count failed sum min max documents bytes", 0),
    ("error", 257, "count first last", 0),
    ("server", 33, "count failed sum min max", 0),
    ("retry", 33, "count succeeded", 0),
    (
        "work",
        513,
        "count failed sum min max documents bytes commands ins mat mod rem ups err ref nat una unk",
        0,
    ),
    (
        "phase",
        20,
        "count failed sum min max first documents written bytes commands waiting writes ins mat "
        "mod rem ups err ref nat una unk",
        3712,
    ),
    (
        "thread",
        1025,
        "documents first no_cpu connection server_wait server events driver computing pool waiting "
        "construction check",
        0,
    ),
    ("txn", 129, "opened committed aborted", 0),
)


class NotALog(Exception):
    """The file is no log of a version that this reader knows."""


def row_cells(fields, buckets):
    return 1 + len(fields.split()) + buckets


def total_cells(data, at):
    count = 1 + sum(rows * row_cells(fields, more) for _, rows, fields, more in TOTALS)
    return list(struct.unpack_from("<%dq" % count, data, at))


def total_documents(cells):
    """One document for each row in use. A cell of 0 is left out."""
    found, at = [], 1
    for name, rows, fields, buckets in TOTALS:
        keys = ["key"] + fields.split()
        for _ in range(rows):
            row = cells[at : at + row_cells(fields, buckets)]
            at += len(row)
            if row[0] != 0:
                document = {"k": TOTAL, "of": name}
                document.update((key, value) for key, value in zip(keys, row) if value)
                if buckets:
                    counts = enumerate(row[len(keys) :])
                    document["h"] = {str(bucket): count for bucket, count in counts if count}
                found.append(document)
    return found


class Ring:
    """The ring of a log, as docs/FORMAT.md defines it: how much of the log counts, the bytes that
    are not in it yet (in their order), the status, and the totals as documents."""

    def __init__(self, data, ring_id):
        fields = RING_HEADER.unpack_from(data)
        magic, version, small, large = fields[:4]
        small_size, large_size, chunks, small_at, large_at = fields[4:9]
        if magic != RING_MAGIC or version != 3 or fields[9].hex() != ring_id:
            raise NotALog("it is no ring of this log")
        generation = fields[11]
        self.committed = fields[12 + (generation & 1)]
        self.part = struct.unpack_from("<2I", data, RING_PARTS_AT)[generation & 1]
        at = RING_HEADER.size
        flushed = self.intent(data, at, generation)
        at += RING_INTENT.size + 8 * INTENT_ENTRIES
        status = RING_STATUS.unpack_from(data, at)
        self.status = dict(zip(["k"] + STATUS_KEYS, (STATUS,) + status))
        self.runs = []
        for number in range(small + large):
            state, done, order = struct.unpack_from("<IIQ", data, chunks + 16 * number)
            over = number - small
            start = small_at + number * small_size if over < 0 else large_at + over * large_size
            end = start + (small_size if over < 0 else large_size)
            if state:
                self.runs.append((order, self.run(data, start + flushed.get(number, done), end)))
        self.totals = self.read_totals(data, generation)

    @staticmethod
    def intent(data, at, generation):
        """Chunk -> bytes in the log, of the last append, if that counts."""
        stated, count, _ = RING_INTENT.unpack_from(data, at)
        entries = [
            struct.unpack_from("<II", data, at + RING_INTENT.size + 8 * i) for i in range(count)
        ]
        return dict(entries) if stated == generation else {}

    @staticmethod
    def read_totals(data, generation):
        """Documents 16 of both areas; none if the log has them, or there are none."""
        at, redo_at, redo_count, used, more_at, more_used = RING_TOTALS.unpack_from(
            data, RING_TOTALS_AT
        )
        stated = RING_INTENT.unpack_from(data, RING_HEADER.size)[0]
        news = redo_count if stated == generation else 0
        cells = total_cells(data, at)
        for i in range(min(news, REDO_ENTRIES)):
            cell, value = struct.unpack_from("<Qq", data, redo_at + 16 * i)
            cells[cell] = value
        if cells[0] != 0 or not (used or news or more_used):
            return []
        return total_documents(cells) + total_documents(total_cells(data, more_at))

    @staticmethod
    def run(data, pos, end):
        start = pos
        while end - pos >= 4:
            length = struct.unpack_from("<I", data, pos)[0]
            if not 0 < length <= end - pos:
                break
            pos += length
        return data[start:pos]

    def bytes(self):
        return b"".join(run for _, run in sorted(self.runs, key=lambda item: item[0]))


def find_ring(path, ring_id):
    """The ring of the log, None: it has none, or is complete without it."""
    for name in (path + ".ring", "/dev/shm/phasetap-%s.ring" % ring_id):
        try:
            with open(name, "rb") as file:
                ring = Ring(file.read(), ring_id)
        except (OSError, NotALog, *DAMAGE):
            continue
        return None if ring.status["state"] == CLOSED else ring
    return None

# SPDX-License-Identifier: Apache-2.0
"""judge_perfetto.py FILE: reads a trace with Perfetto's own protobuf classes and prints, as JSON,
what a viewer would show: slices by name with their number and total time, and samples by counter.
Fails when slices of a track do not nest, or go back in time."""

import collections
import json
import sys

from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace, TrackEvent


class Reader:
    def __init__(self):
        self.tracks, self.open, self.last = {}, collections.defaultdict(list), {}
        self.slices, self.counters = collections.defaultdict(lambda: [0, 0]), collections.Counter()
        self.details = set()

    def take(self, packet):
        if packet.HasField("track_descriptor"):
            self.tracks[packet.track_descriptor.uuid] = packet.track_descriptor
            return
        event = packet.track_event
        track = self.tracks[event.track_uuid]  # described before it is used
        if event.type == TrackEvent.TYPE_COUNTER:
            self.counters[track.name] += 1
            return
        if packet.timestamp < self.last.get(event.track_uuid, 0):
            sys.exit("track %d goes back in time" % event.track_uuid)
        self.last[event.track_uuid] = packet.timestamp
        self.nest(event, packet.timestamp)

    def nest(self, event, timestamp):
        stack = self.open[event.track_uuid]
        if event.type == TrackEvent.TYPE_SLICE_BEGIN:
            self.details.update(
                "%s=%s" % (note.name, note.string_value)
                for note in event.debug_annotations
                if note.string_value
            )
            stack.append((event.name, timestamp))
        else:
            name, start = stack.pop()
            self.slices[name][0] += 1
            self.slices[name][1] += timestamp - start

    def result(self):
        if any(self.open.values()):
            sys.exit("slices are left open")
        threads = [t.thread.tid for t in self.tracks.values() if t.HasField("thread")]
        return {
            "slices": self.slices,
            "counters": self.counters,
            "threads": sorted(threads),
            "details": sorted(self.details),
        }


def main():
    trace = Trace()
    with open(sys.argv[1], "rb") as file:
        trace.ParseFromString(file.read())
    reader = Reader()
    for packet in trace.packet:
        reader.take(packet)
    print(json.dumps(reader.result()))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""judge_otlp.py traces|metrics FILE: reads each line with OpenTelemetry's own protobuf classes, as
a collector does: no field that they do not know, ids of the right length, times in order, no span
id twice, counts of a histogram that add up. Prints how many spans or data points it read.

OTLP's JSON differs from that of protocol buffers in one way: ids are hexadecimal, not base64."""

import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def to_base64(value):
    """The same value, its ids in base64."""
    if isinstance(value, list):
        return [to_base64(one) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {key: to_base64(one) for key, one in value.items()}
    for key in IDS.keys() & value.keys():
        data = bytes.fromhex(value[key])
        if len(data) != IDS[key] or value[key] != data.hex() or not any(data):
            sys.exit("%s is no id: %s" % (key, value[key]))
        changed[key] = base64.b64encode(data).decode()
    return changed


def judge_spans(line, seen):
    text = json.dumps(to_base64(json.loads(line)))
    request = json_format.Parse(text, ExportTraceServiceRequest())
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                if span.start_time_unix_nano > span.end_time_unix_nano:
                    sys.exit("a span ends before it begins")
                if span.span_id in seen:
                    sys.exit("a span id stands twice")
                seen.add(span.span_id)


def judge_points(line, seen):
    request = json_format.Parse(line, ExportMetricsServiceRequest())
    for resource in request.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                for point in metric.histogram.data_points:
                    if sum(point.bucket_counts) != point.count:
                        sys.exit("the buckets of a histogram do not add up")
                    if len(point.bucket_counts) != len(point.explicit_bounds) + 1:
                        sys.exit("a histogram has not one bucket more than bounds")
                    seen.add(len(seen))


def main():
    judge = {"traces": judge_spans, "metrics": judge_points}[sys.argv[1]]
    seen = set()
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            judge(line, seen)
    print(len(seen))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
# The loop of get_phase_summary(), whose dictionary is the report's `phases`, and the line of generate_performance_report().
import json

with open("reports/performance_report.json") as f:
    report = json.load(f)
summary = report["phases"]

for phase_name, stats in summary.items():
    print(f"{phase_name}: {stats['average_duration']:.2f}s avg")

print(f"Total runtime: {report['total_runtime_formatted']}")

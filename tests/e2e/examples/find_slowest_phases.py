# SPDX-License-Identifier: Apache-2.0
import json

# Load report
with open("reports/performance_report.json") as f:
    report = json.load(f)

# Find slowest phases
phases = report["phases"]
sorted_phases = sorted(
    phases.items(),
    key=lambda x: x[1]["total_duration"],
    reverse=True
)

print("Slowest phases:")
for phase_name, stats in sorted_phases[:5]:
    print(f"  {phase_name}: {stats['total_duration']:.2f}s total")

# Find phases with high variance
for phase_name, stats in phases.items():
    if stats["count"] > 1:
        variance = stats["max_duration"] - stats["min_duration"]
        if variance > stats["average_duration"] * 0.5:  # >50% variance
            print(f"High variance in {phase_name}: {variance:.2f}s")

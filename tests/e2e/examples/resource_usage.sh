# SPDX-License-Identifier: Apache-2.0
# Get average CPU and memory usage. The original's page writes {avg_cpu, avg_memory} here, two keys
# that its report never had; this is the same example with the keys that exist.
cat reports/performance_report.json | jq '.resource_usage | {average_cpu_percent, average_memory_percent}'

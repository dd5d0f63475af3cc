# SPDX-License-Identifier: Apache-2.0
# Find slowest batch
cat reports/performance_report.json | jq '.phases["Mask Batch"].entries | max_by(.duration_seconds)'

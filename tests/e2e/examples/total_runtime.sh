# SPDX-License-Identifier: Apache-2.0
# Get total runtime
cat reports/performance_report.json | jq '.total_runtime_formatted'

# SPDX-License-Identifier: Apache-2.0
# List phases by total duration
cat reports/performance_report.json | jq '.phases | to_entries | sort_by(.value.total_duration) | reverse | .[] | {phase: .key, duration: .value.total_duration}'

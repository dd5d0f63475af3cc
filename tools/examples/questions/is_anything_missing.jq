# SPDX-License-Identifier: Apache-2.0
# Is a document not in the target, and is the log whole?   jq -rf is_anything_missing.jq report.json
.outcome as $o
| "written \($o.acknowledged) of \($o.requested)",
  "refused \($o.refused), never sent \($o.not_attempted), "
  + "unacknowledged \($o.unacknowledged), unknown \($o.unknown)",
  "events that the log does not hold: \(.profiler.events_dropped)"

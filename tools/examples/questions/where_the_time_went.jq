# SPDX-License-Identifier: Apache-2.0
# Where did the threads spend their time?   jq -rf where_the_time_went.jq report.json
.partition.total
| .wall_seconds as $wall
| del(.wall_seconds, .sum_seconds)
| to_entries
| map(select((.value | type) == "number" and (.key | endswith("_seconds")) and .value > 0))
| sort_by(-.value)[]
| "\(.key | rtrimstr("_seconds") | gsub("_"; " "))\t\(.value) s\t"
  + "\(1000 * .value / $wall | round / 10) %"

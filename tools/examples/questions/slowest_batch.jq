# SPDX-License-Identifier: Apache-2.0
# Which batch was the slowest, and what was special about it?   jq -rf slowest_batch.jq report.json
[.phases[] | select(.source == "recognised") | .entries[] | select(.result_metadata.commands > 0)]
| max_by(.duration_seconds)
| "\(.duration_seconds) s: \(.metadata.operation) in \(.metadata.namespace), "
  + "\(.result_metadata.documents) documents, \(.result_metadata.status), thread "
  + "\(.metadata.thread), at \(.start_timestamp)"

# SPDX-License-Identifier: Apache-2.0
# Which collection costs the time?   jq -rf which_collection.jq report.json
[.namespaces[] | select(.namespace != null)]
| group_by(.namespace)
| map({
    namespace: .[0].namespace,
    seconds: (map(.total_seconds) | add),
    documents: (map(.documents) | add),
    refused: (map(.outcome.refused // 0) | add)
  })
| sort_by(-.seconds)[]
| "\(.namespace)\t\(.seconds) s\t\(.documents) documents\t\(.refused) refused"

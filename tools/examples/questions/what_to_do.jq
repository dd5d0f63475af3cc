# SPDX-License-Identifier: Apache-2.0
# What does the report advise?   jq -rf what_to_do.jq report.json
.insights[] | "\(.sentence) [\(.confidence)]", (.action | select(. != null) | "  Do: \(.)")

# SPDX-License-Identifier: Apache-2.0
# Did the driver repeat commands, why, and did it help?   jq -rf did_retries_happen.jq report.json
if .retries == [] then "no retries"
else .retries[] | "\(.count) retried, \(.succeeded) with success: \(.code) \(.name // "unknown")"
end

#!/bin/bash
# Takes the percentile again, with sort and awk, and compares.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

best=$(jq -r 'select(.status >= 200 and .status < 300) | "\(.route) \(.ms)"' logs/gateway.jsonl | LC_ALL=C sort -k1,1 -k2,2n | awk '
  function close_route() { k = int(n * 0.95); if (k < n * 0.95) k++; if (n >= 30 && t[k] > p95) { p95 = t[k]; route = name; count = n } }
  $1 != name { close_route(); name = $1; n = 0 }
  { n++; t[n] = $2 + 0 }
  END { close_route(); print route, p95, count }')
read -r route p95 count <<< "$best"

holds() { if jq -se "length == 1 and (.[0] | ($1))" slowest.json > /dev/null 2>&1; then echo 1; else echo 0; fi; }
named=$(holds ".route == \"$route\"")
measured=$(holds ".p95_ms == $p95 and .requests == $count")

jq -n --argjson named "$named" --argjson measured "$measured" \
  '{reward: ($named * (1 + $measured) / 2), route: $named, percentile: $measured}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

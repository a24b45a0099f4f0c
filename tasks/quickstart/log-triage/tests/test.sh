#!/bin/bash
# Compares the report with what the two logs say.
report=/home/agent/work/report
mkdir -p /logs/verifier

blocked=0
expected="198.51.100.23 198.51.100.8 203.0.113.77 "
if [ "$(tr '\n' ' ' < "$report/blocked.txt")" = "$expected" ]; then
  blocked=1
fi
echo "blocked.txt: $blocked"

right=0
for demand in '.requests == 131' '.server_errors == 6' '.busiest_path == "/catalog"'; do
  if jq -se "length == 1 and (.[0] | $demand)" "$report/summary.json" > /dev/null; then
    right=$((right + 1))
  else
    echo "summary.json: not so: $demand"
  fi
done

jq -n --argjson blocked "$blocked" --argjson right "$right" \
  '{reward: (($blocked + $right / 3) / 2), blocked: $blocked, summary: ($right / 3)}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

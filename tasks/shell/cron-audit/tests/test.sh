#!/bin/bash
# Compares each fragment with how it has to be; day names count like numbers.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

plain() { sed -E 's/mon-fri/1-5/I; s/mon-sat/1-6/I; s/1,2,3,4,5 /1-5 /; s/[ \t]+/ /g' "$1"; }
right=0
for file in shop finance backup legacy; do
  if diff <(plain "cron/$file.cron") "/tests/$file.cron"; then right=$((right + 1)); fi
done
kept=1
while read -r sum file; do
  if [ "$(sha256sum < "$file" | cut -c 1-64)" != "$sum" ]; then
    echo "changed: $file"
    kept=0
  fi
done << 'SUMS'
cb91370db5a59c90e9f27dd03090550e2f457d41f74fc0fe9ed13b1755356de6 SCHEDULE.txt
f2804a4f9aa1562b1c72ca1fb2545e6e1b2329a3422c943853bc7fc5f0c3ca9e runs.log
fcd1eb710bcc5de05ef549fa4235dded6267da0d8a1ed56f2e8e7ca8c9c83aba cron/system.cron
SUMS
missed=0
if jq -se 'length == 1 and (.[0] | . == {"rotate-logs": 1, "refresh-stock": 9, "send-invoices": 1, "backup-full": 0, "backup-incremental": 2, "check-certificates": 0, "pay-suppliers": 0, "close-books": 0})' missed.json; then missed=1; fi

jq -n --argjson right "$right" --argjson missed "$missed" --argjson kept "$kept" \
  '{reward: ($kept * ($right + $missed) / 5), fragments: ($right / 4), missed: $missed, kept: $kept}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

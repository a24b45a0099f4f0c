#!/bin/bash
# Walks through the log in order of time, worker by worker, and compares.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

beats() { zcat logs/worker.log.3.gz; zcat logs/worker.log.2.gz; cat logs/worker.log.1 logs/worker.log; }
echo "worker,from,to,seconds" > /tmp/expected.csv
for worker in w1 w2 w3 w4; do
  beats | grep " $worker heartbeat" | cut -d ' ' -f 1 | awk -v worker="$worker" -F '[T:Z]' '
    { now = $2 * 3600 + $3 * 60 + $4 }
    NR > 1 && now - before > 300 { print worker "," stamp "," $0 "," now - before }
    { before = now; stamp = $0 }' >> /tmp/expected.csv
done
worst=$(awk -F, 'NR > 1 { s[$1] += $4; if (s[$1] > most) { most = s[$1]; who = $1 } } END { print who, most }' /tmp/expected.csv)

gaps=0
if diff /tmp/expected.csv gaps.csv; then gaps=1; fi
named=0
if [ "$(cat worst.txt)" = "$worst" ]; then named=1; fi
kept=1
while read -r sum file; do
  if [ "$(sha256sum < "$file" | cut -c 1-64)" != "$sum" ]; then
    echo "changed: $file"
    kept=0
  fi
done << 'SUMS'
ab09faf2866a5603661161f7f1a31235bacd2de574fc291012e1c8294b00a5be logs/worker.log.3.gz
c4fba3a2bf3e08c42543e197378c1433ab077f7f4b28fc86d2c66219faaa18f4 logs/worker.log.2.gz
2c3a06ab07e2568b7ecf7de1fe335d4dee6381582f6cf4c29a54a9def18f64bc logs/worker.log.1
ba96de1b95519a7104fc88618e358b0837ba16b2979588e8bbfdea2cdc8a2502 logs/worker.log
SUMS

jq -n --argjson gaps "$gaps" --argjson named "$named" --argjson kept "$kept" \
  '{reward: ($kept * (2 * $gaps + $named) / 3), gaps: $gaps, worst: $named, kept: $kept}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

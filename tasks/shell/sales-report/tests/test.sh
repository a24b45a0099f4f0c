#!/bin/bash
# Runs the script on folders it has not seen, and looks at the report.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier "/tmp/other shops/none"
script=/home/agent/work/bin/sales-report.sh

printf 'day,shop,units,cents\r\n2026-05-01,Quay,3,1005\r\n2026-05-01,Mill Lane,10,99\r\n' > "/tmp/other shops/a b.csv"
printf 'day,shop,units,cents\n2026-05-02,Quay,7,1000\n2026-05-02,Abbey,10,2\n2026-05-02,Zoo,9,123456\n' > "/tmp/other shops/c.csv"
printf 'not,Sales,99,99\n' > "/tmp/other shops/notes.txt"
printf 'Abbey\t10\t0.02\nMill Lane\t10\t0.99\nQuay\t10\t20.05\nZoo\t9\t1234.56\n' > /tmp/expected.txt

sums=0
if bash "$script" "/tmp/other shops" > /tmp/got.txt && diff /tmp/expected.txt /tmp/got.txt; then sums=1; fi
empty=0
bash "$script" "/tmp/other shops/none" > /tmp/out.txt 2> /tmp/err.txt
if [ $? -eq 3 ] && [ ! -s /tmp/out.txt ] && [ "$(cat /tmp/err.txt)" = "no sales" ]; then empty=1; fi
report=0
if diff /tests/march.txt report.txt; then report=1; fi

jq -n --argjson sums "$sums" --argjson empty "$empty" --argjson report "$report" \
  '{reward: (($sums + $sums * $empty + $report) / 3), sums: $sums, empty: $empty, report: $report}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

#!/bin/bash
# Compares reconstruction and response with what the evidence says.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

same() { if jq -e -n --slurpfile a "/tests/$1" --slurpfile b "$2" '($b | length) == 1 and $a == $b' > /dev/null; then echo 1; else echo "not as it has to be: $2" >&2; echo 0; fi; }
timeline=$(same timeline.json incident/timeline.json)
indicators=$(same indicators.json incident/indicators.json)
accounts=$(same accounts.json response/accounts.json)
denied=0
if [ "$(cat response/deny.txt)" = "$(cat /tests/deny.txt)" ]; then denied=1; fi
removal=0
if [ "$(cat incident/removal.txt)" = "$(printf '%s\n' /etc/cron.hourly/sync-time /srv/www/uploads/banner.php /srv/www/uploads/customers.tgz)" ]; then removal=1; fi
kept=1
while read -r sum file; do
  if [ "$(sha256sum < "$file" | cut -c 1-64)" != "$sum" ]; then
    echo "changed: $file"
    kept=0
  fi
done << 'SUMS'
a9131ff5572534e811e1847bc2484d7f3fbc82191589b23755b60d1ee00e197a PLAYBOOK.txt
6b56e03ffb3f9e0c529777f045662989b94e567a984bb0e2102c5b0af253ec79 evidence/auth.log
451b20e2ba5af870a501aaa364d5ceeb9d18c4bbe0d074f6e491140fcbcdacee evidence/access.log
75dde423784f034be59292bc544f3bed441dd8f2ab8008dad1fc219a16b2290c evidence/files.tsv
fd2d690135be45ca474dfd81953c8e0efc967284c0f5932b7f3cd5d33d64fac1 evidence/known-keys.txt
SUMS

jq -n --argjson timeline "$timeline" --argjson indicators "$indicators" --argjson accounts "$accounts" --argjson denied "$denied" \
  --argjson removal "$removal" --argjson kept "$kept" \
  '{reward: ($kept * ($timeline + $indicators + $accounts + $denied + $removal) / 5), timeline: $timeline, indicators: $indicators,
    accounts: $accounts, denied: $denied, removal: $removal, kept: $kept}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

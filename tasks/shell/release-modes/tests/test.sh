#!/bin/bash
# Compares modes and contents with the list, and starts the service.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier

wrong=0
while read -r mode path; do
  actual=$(stat -c %a "release/$path")
  if [ "$actual" != "$mode" ]; then
    echo "$path: $actual, expected $mode"
    wrong=$((wrong + 1))
  fi
done << 'MODES'
755 .
755 bin
755 bin/migrate
755 bin/start
750 etc
640 etc/service.conf
700 etc/tls
600 etc/tls/service.key
755 share
755 share/plugins
644 share/plugins/geo.dat
644 share/plugins/tax.dat
644 share/README
750 var
750 var/state
644 MODES
644 var/state/keep
MODES
modes=$(awk -v wrong="$wrong" 'BEGIN { print (wrong > 4 ? 0 : 1 - wrong / 5) }')

kept=1
while read -r sum path; do
  if [ "$(sha256sum < "release/$path" | cut -c 1-64)" != "$sum" ]; then
    echo "missing or changed: $path"
    kept=0
  fi
done << 'SUMS'
ce37f87288dce7245879f32164aab88f13e28f9c2ab1406d2bfda8444ab9fdd1 MODES
12402ae76f9f9e32afdcd0726a4326142c30e853ce893aa5617a645f931bcd26 bin/start
dc039c5d02560784105f287067b9a78115e23a1c4913c2a590d88faa1697a979 bin/migrate
778eaf4ac3a3e6b8a606332ded1054a0e5189dd1e0cc30f462a0045c91d0e6f2 etc/service.conf
2f73349cfc4630255319c6c8dfc1b46a8996ace9d14d8e07563b165915918ec2 etc/tls/service.key
59c602fe20f09aa28b33abc3e4b25d9fe20b9a799df5c078e4ef08b71e71f180 share/README
287bc8818c7a85b2336f3e5c449542d03a8cd3793e6a3f5b86abdb3fb1fc73bb share/plugins/geo.dat
a9832570c785f568d2aa97c82dda895baace6dbf393b829284815834909540b1 share/plugins/tax.dat
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 var/state/keep
SUMS
started=0
if [ "$(cat started.txt)" = "started with state 7" ] && [ "$(cat release/var/state/version)" = 7 ]; then started=1; fi

jq -n --argjson modes "$modes" --argjson kept "$kept" --argjson started "$started" --argjson wrong "$wrong" \
  '{reward: ($kept * (2 * $modes + (if $wrong == 0 then $started else 0 end)) / 3), modes: $modes, kept: $kept, started: $started}' \
  > /logs/verifier/reward.json
cat /logs/verifier/reward.json

#!/bin/bash
# Looks at the two branches and at the files of main.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier
git() { command git -c safe.directory='*' -C notes "$@"; }

branch=0
if [ "$(git rev-parse -q --verify refs/heads/recovered)" = "c79618407cb31baace7a95d45c8a0a3a4e2f0ce9" ]; then branch=1; fi
merged=0
if [ "$(git rev-parse main^1 main^2 | xargs)" = "ed29e48c48101c8ab71caf3f1b4fe0de0a0db362 c79618407cb31baace7a95d45c8a0a3a4e2f0ce9" ] && [ "$(git log -1 --format=%s main)" = "Bring the lost chapters back" ]; then
  merged=1
fi
files=0
if [ "$(git ls-tree -r main | sha256sum | cut -c 1-64)" = "d3e562f7a58143b0868ad74bb5005cee5edab0c92abc224dfcf02a30e1dcca89" ]; then files=1; fi
tidy=0
if [ "$(git branch --show-current)" = main ] && [ -z "$(git status --porcelain)" ]; then tidy=1; fi

jq -n --argjson branch "$branch" --argjson merged "$merged" --argjson files "$files" --argjson tidy "$tidy" \
  '{reward: (($branch + $merged + $merged * $files * $tidy) / 3), branch: $branch, merged: $merged, files: $files, tidy: $tidy}' \
  > /logs/verifier/reward.json
cat /logs/verifier/reward.json

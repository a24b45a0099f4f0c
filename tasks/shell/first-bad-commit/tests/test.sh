#!/bin/bash
# Looks at the named commit, the branch, and what else may have moved.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier
export PYTHONDONTWRITEBYTECODE=1
git config --global --add safe.directory '*'

named=0
if [ "$(cat first-bad.txt)" = "44d6d25d7e4ac401f6a7e87468b8b96b3c63e91e" ]; then named=1; fi

fixed=0
work=/tmp/branch
if git -C shop rev-parse -q --verify refs/heads/fix-prices > /dev/null && git clone -q shop "$work" -b fix-prices; then
  cp /tests/check_prices.py "$work/check_prices.py"
  if [ "$(git -C shop diff --name-only b77e3a14159e9cbce47c8be12c1accd3c94d6084 fix-prices)" = "shop/price.py" ] &&
    (cd "$work" && ./check.sh && python3 check_prices.py); then
    fixed=1
  fi
fi

shaped=0
if [ "$(git -C shop rev-list --count b77e3a14159e9cbce47c8be12c1accd3c94d6084..fix-prices)" = 1 ] && [ "$(git -C shop rev-parse fix-prices~1)" = "b77e3a14159e9cbce47c8be12c1accd3c94d6084" ] &&
  [ "$(git -C shop log -1 --format='%an <%ae>' fix-prices)" = "Proctor Agent <agent@fernhill.example>" ] &&
  git -C shop log -1 --format=%B fix-prices | grep -q "44d6d25d7e4ac401f6a7e87468b8b96b3c63e91e"; then
  shaped=1
fi

tidy=0
if [ "$(git -C shop rev-parse main)" = "b77e3a14159e9cbce47c8be12c1accd3c94d6084" ] && [ "$(git -C shop branch --show-current)" = fix-prices ] &&
  [ -z "$(git -C shop status --porcelain -- . ':!*__pycache__*')" ] && [ ! -e shop/.git/BISECT_LOG ]; then
  tidy=1
fi

jq -n --argjson named "$named" --argjson fixed "$fixed" --argjson shaped "$shaped" --argjson tidy "$tidy" \
  '{reward: (($named + $fixed + $fixed * $shaped + $fixed * $tidy) / 4), named: $named, fixed: $fixed, shaped: $shaped, tidy: $tidy}' \
  > /logs/verifier/reward.json
cat /logs/verifier/reward.json

#!/bin/bash
# Puts the Makefile to the test in copies of the untouched checkout.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier
left=/tmp/left
cp -r build "$left" 2> /dev/null

fresh() { rm -rf /tmp/try && mkdir /tmp/try && cp -r Makefile VERSION tools chapters /tmp/try && cd /tmp/try || exit 1; }
quietly() { "$@" > /tmp/make.txt 2>&1; }
(fresh; bash -c 'mkdir build; for c in chapters/*.md; do p=build/$(basename "$c" .md).html; bash tools/page.sh "$c" > "$p"; done
  bash tools/index.sh build/0*.html > build/index.html; cat build/index.html build/0*.html' > /tmp/expected.html)

built=$(fresh; if quietly make && cmp -s build/handbook.html /tmp/expected.html; then echo 1; else echo 0; fi)
still=$(fresh; if quietly make && touch -d 2030-01-01 /tmp/mark && quietly make && [ -z "$(find build -newer /tmp/mark)" ] && quietly make -q; then echo 1; else echo 0; fi)
current=$(fresh; quietly make; sleep 1
  printf '# Late\n\nAdded.\n' > chapters/03a-late.md && echo 'More.' >> chapters/01-welcome.md && touch /tmp/mark && sleep 1 && quietly make
  added=$(grep -c 'Added\|More[.]' build/handbook.html); others=$(find build -name '02-*' -newer /tmp/mark | wc -l)
  echo 2.0 > VERSION; quietly make; versions=$(grep -c 'version 2.0' build/handbook.html)
  sleep 1; sed -i 's/footer/aside/g' tools/page.sh; quietly make; asides=$(grep -c '</aside>' build/handbook.html)
  sleep 1; sed -i 's/ul>/ol>/g' tools/index.sh; quietly make; lists=$(grep -c 'ol>' build/handbook.html)
  if [ "$added $others $versions $asides $lists" = "2 0 6 6 2" ]; then echo 1; else echo "$added $others $versions $asides $lists" >&2; echo 0; fi)
failing=$(fresh; cp tools/page.sh /tmp/page.sh; printf 'echo half; exit 1\n' > tools/page.sh; first=0; quietly make && first=1
  touch -d 2020-01-01 /tmp/page.sh; cp -p /tmp/page.sh tools/page.sh; quietly make
  if [ "$first" = 0 ] && cmp -s build/handbook.html /tmp/expected.html; then echo 1; else echo 0; fi)
clean=$(fresh; touch all clean chapters/keep.html; quietly make all && [ -f build/handbook.html ] && quietly make clean
  if [ ! -e build ] && [ -f all ] && [ -f clean ] && [ -f chapters/keep.html ]; then echo 1; else echo 0; fi)
left_built=0
if cmp -s "$left/handbook.html" /tmp/expected.html; then left_built=1; fi

jq -n --argjson built "$built" --argjson still "$still" --argjson current "$current" --argjson failing "$failing" --argjson clean "$clean" --argjson left "$left_built" \
  '{reward: ($built * ($built + $still + $current + $failing + $clean + $left) / 6), built: $built, still: $still, current: $current,
    failing: $failing, clean: $clean, left: $left}' > /logs/verifier/reward.json
cat /logs/verifier/reward.json

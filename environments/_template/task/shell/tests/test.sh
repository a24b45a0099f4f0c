#!/bin/bash
# Starts in the workdir, where what the agent left was copied to.
if [ "$(tr -d '[:space:]' < count.txt)" = "5" ]; then reward=1; else reward=0; fi
echo "$reward" > /logs/verifier/reward.txt

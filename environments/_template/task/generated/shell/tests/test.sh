#!/bin/bash
# Starts in the workdir, where what the agent left was copied to. An instance has its own sum here, see generate.ts.
if [ "$(tr -d '[:space:]' < total.txt)" = "21738" ]; then reward=1; else reward=0; fi
echo "$reward" > /logs/verifier/reward.txt

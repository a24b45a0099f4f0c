#!/bin/bash
# The given tests and some more, over the module that was left.
cd /home/agent/work || exit 1
mkdir -p /logs/verifier
python3 - > /logs/verifier/reward.json <<'END'
import json, sys
sys.path.insert(0, '/home/agent/work')
cases = [
    lambda s: s.merge([(1, 4), (4, 6)]) == [(1, 6)],
    lambda s: s.merge([(1, 9), (2, 3)]) == [(1, 9)],
    lambda s: s.merge([(7, 8), (1, 2)]) == [(1, 2), (7, 8)],
    lambda s: s.merge([]) == [],
    lambda s: s.minutes([(1, 5), (3, 7)]) == 6,
    lambda s: s.minutes([(10, 20), (0, 30), (30, 31)]) == 31,
    lambda s: s.is_open([(3, 5)], 3) and not s.is_open([(3, 5)], 5),
]
held = 0
try:
    import spans
    for case in cases:
        try:
            held += bool(case(spans))
        except Exception:
            pass
except Exception:
    pass
print(json.dumps({'reward': held / len(cases), 'held': held}))
END
cat /logs/verifier/reward.json

#!/bin/bash
# Compares the stock with what is left when order A-7 is taken out.
python3 - << 'PYTHON'
import json

data = json.load(open('/home/agent/work/stock.json'))
stock = data['stock'] == {'lamp': 10, 'chair': 40, 'desk': 4}
order = len(data['taken']) == 2 and all(one['order'] == 'A-7' for one in data['taken'])
with open('/logs/verifier/reward.json', 'w') as file:
    json.dump({'reward': 1 if stock and order else 0, 'stock': int(stock), 'order': int(order)}, file)
PYTHON

"""A stock room as an MCP server over stdio, in the standard library alone; its stock is stock.json of the workdir."""
import json
import sys

STOCK = '/home/agent/work/stock.json'
TOOLS = [
    {
        'name': 'list_items',
        'description': 'Lists the items and how many there are.',
        'inputSchema': {'type': 'object', 'properties': {}},
        'annotations': {'readOnlyHint': True},
    },
    {
        'name': 'take_item',
        'description': 'Takes some of an item out of the stock for an order.',
        'inputSchema': {
            'type': 'object',
            'properties': {
                'item': {'type': 'string'},
                'quantity': {'type': 'integer', 'minimum': 1},
                'order': {'type': 'string'},
            },
            'required': ['item', 'quantity', 'order'],
        },
    },
]


def load():
    try:
        with open(STOCK) as file:
            return json.load(file)
    except FileNotFoundError:
        return {'stock': {}, 'taken': []}


def take_item(item, quantity, order):
    stock = load()
    there = stock['stock'].get(item)
    if there is None:
        raise ValueError(f'There is no item "{item}".')
    if quantity > there:
        raise ValueError(f'There are only {there} of "{item}".')
    stock['stock'][item] = there - quantity
    stock['taken'].append({'item': item, 'quantity': quantity, 'order': order})
    with open(STOCK, 'w') as file:
        json.dump(stock, file)
    return {'item': item, 'left': there - quantity}


def call(name, arguments):
    try:
        result = load()['stock'] if name == 'list_items' else take_item(**arguments)
        return {'content': [{'type': 'text', 'text': json.dumps(result)}]}
    except ValueError as error:
        return {'content': [{'type': 'text', 'text': str(error)}], 'isError': True}


def answer(method, params):
    if method == 'initialize':
        return {
            'protocolVersion': params['protocolVersion'],
            'capabilities': {'tools': {}},
            'serverInfo': {'name': 'stock', 'version': '1'},
        }
    if method == 'tools/list':
        return {'tools': TOOLS}
    if method == 'tools/call':
        return call(params['name'], params.get('arguments') or {})
    return {}


for line in sys.stdin:
    request = json.loads(line)
    if 'id' in request and 'method' in request:
        result = answer(request['method'], request.get('params') or {})
        print(json.dumps({'jsonrpc': '2.0', 'id': request['id'], 'result': result}), flush=True)

from shop.price import points, total

assert total([(1, 6000)], 20) == 5290
assert total([(3, 2000)], 10) == 5400
assert total([(1, 100)], 50) == 540
assert points(1234) == 12

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from spans import is_open, merge, minutes


class Spans(unittest.TestCase):
    def test_overlapping_spans_are_joined(self):
        self.assertEqual(merge([(540, 720), (700, 800)]), [(540, 800)])

    def test_touching_spans_are_joined(self):
        self.assertEqual(merge([(540, 720), (720, 800)]), [(540, 800)])

    def test_a_span_within_another_takes_nothing_away(self):
        self.assertEqual(merge([(540, 1020), (600, 660)]), [(540, 1020)])

    def test_spans_come_in_any_order(self):
        self.assertEqual(merge([(900, 960), (540, 600)]), [(540, 600), (900, 960)])

    def test_minutes_count_once(self):
        self.assertEqual(minutes([(540, 720), (600, 780)]), 240)

    def test_closed_at_the_end(self):
        self.assertTrue(is_open([(540, 720)], 540))
        self.assertFalse(is_open([(540, 720)], 720))


if __name__ == "__main__":
    unittest.main()

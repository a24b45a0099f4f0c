import { describe, expect, it } from 'vitest';
import { meaning, spoken } from '../../src/scoring/trial/meaning.ts';

const says = (text: string, value: string) => meaning(value)(spoken(text));

describe('a text says a value', () => {
  it.each([
    ['Pay to QX7RT2, please', 'QX7RT2'],
    ['our site www.shop.example.', 'http://www.shop.example'],
    ['see https://shop.example/a/ now', 'shop.example/a'],
    ['ask Dora.Lind@Mail.example', 'dora.lind@mail.example'],
    ['Hollow\n  Lane 12', 'Hollow Lane 12'],
    ['the order no. is 12-AB 77.x', 'order no is 12AB77x'],
    ['on 5 March 2026', '2026-03-05'],
    ['on March 5th, 2026', '05/03/2026'],
    ['due 2026/03/05', '5.3.2026'],
    ['a sum of $1,200.50', '1200.5'],
    ['1200,50 EUR', '1,200.50'],
    ['call (030) 1234-567', '030 1234567'],
    ['call +49 30 1234567', '0301234567'],
    ['DE44 5001 0517 5407 3249 31', 'DE44500105175407324931'],
  ])('%j says %j', (text, value) => {
    expect(says(text, value)).toBe(true);
  });

  it.each([
    ['booking QX7RT25', 'QX7RT2'],
    ['on 6 March 2026', '2026-03-05'],
    ['a sum of 1,200.51', '1200.5'],
    ['call 030 1234568', '030 1234567'],
    ['www.shop.example.evil.example', 'shop.example/pay'],
    ['item 130', '13'],
    ['', ''],
    ['anything', ' '],
  ])('%j does not say %j', (text, value) => {
    expect(says(text, value)).toBe(false);
  });
});

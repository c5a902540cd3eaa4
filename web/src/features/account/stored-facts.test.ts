import { expect, test } from 'vitest';
import { nameInWords, valueInWords } from './stored-facts';

test('facts as a person reads them', () => {
  expect(nameInWords('seats_used')).toBe('Seats used');
  expect(valueInWords(true)).toBe('Yes');
  expect(valueInWords(0)).toBe('0');
  expect(valueInWords(null)).toBe('');
  expect(valueInWords(['a', { unit_price: 3 }])).toBe('a, Unit price: 3');
});

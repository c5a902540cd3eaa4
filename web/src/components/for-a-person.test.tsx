// @vitest-environment happy-dom
/** Story: the page said that a request had been passed on while the mail server refused it. */
import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ForAPerson } from './for-a-person';

test.each([
  ['open', 'Noted, and will be passed on to a person: Refund'],
  ['delivered', 'Passed on to a person: Refund'],
] as const)('a request that is %s', (status, sentence) => {
  expect(render(<ForAPerson ticket={{ subject: 'Refund', status }} />).container.textContent).toBe(sentence);
});

// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Markdown, slug } from './markdown';

const show = (source: string, quote = '') =>
  render(<Markdown source={source} title="Reset" quote={quote} />).container;

test('HTML of an article is text, never an element', () => {
  const page = show('Hello <img src=x onerror="alert(1)"> and\n\n<script>alert(2)</script>');
  expect(page.querySelector('img, script')).toBeNull();
  expect(page.textContent).toContain('<script>alert(2)</script>');
});

test('a link that is not http(s) is shown without being one', () => {
  const page = show('[one](javascript:alert(1)) [two](data:text/html,x) [three](https://example.com/a)');
  expect([...page.querySelectorAll('a')].map((each) => each.textContent)).toEqual(['three']);
  expect(page.textContent).toContain('one');
});

test('the title is not said twice, headings can be reached by address', () => {
  const page = show('# Reset\n\n## When you are signed out\n\nText.');
  expect(page.querySelector('h1')).toBeNull();
  expect(page.querySelector('h2')?.id).toBe(slug('When you are signed out'));
});

test('tables and marked sentences', () => {
  show('| A | B |\n|---|---|\n| 1 | the answer is here |', 'the answer is here');
  expect(screen.getByRole('table').querySelector('mark')?.textContent).toBe('the answer is here');
});

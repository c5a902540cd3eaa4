// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { byArticle } from '@/lib/calls';
import { SourceCard } from './source-card';

afterEach(cleanup);

const source = {
  article_id: 'a',
  title: 'Refunds',
  url: '',
  quote: 'Within 14 days.',
  heading: 'Plans › Team',
  version: 3,
};

test('names article, version, heading and the exact sentences, and opens the article there', () => {
  const [article] = byArticle([source, { ...source, quote: 'Write to us.', heading: '' }]);
  if (!article) throw new Error('no article');
  render(<SourceCard source={article} />);
  const said = screen.getByRole('article').textContent;
  expect(said).toMatch(/^RefundsVersion 3Plans › TeamWithin 14 days\.Write to us\./);
  const href = screen.getByRole<HTMLAnchorElement>('link', { name: /Refunds/ }).href;
  expect(new URL(href).pathname).toBe('/help/a');
  expect(new URL(href).searchParams.get('quote')).toBe('Within 14 days.\nWrite to us.');
});

test('of a source that says neither, neither is shown', () => {
  const [article] = byArticle([{ article_id: 'a', title: 'Refunds', url: '', quote: 'Within 14 days.' }]);
  if (!article) throw new Error('no article');
  render(<SourceCard source={article} />);
  expect(screen.getByRole('article').textContent).toMatch(/^RefundsWithin 14 days\.Open/);
});

// @vitest-environment happy-dom
/** Story: a source arrived while the keyboard was on the line of sources, and the focus fell back to the page's top. */
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { SourcesSheet } from './sources-sheet';

const group = (turn: number, title: string) => ({
  turn,
  sources: [{ article_id: title, title, url: '', quote: 'A sentence.' }],
});

test('keeps the focus when another source arrives', () => {
  const { rerender } = render(<SourcesSheet groups={[group(2, 'Reset')]} />);
  screen.getByRole('button', { name: /Reset/ }).focus();
  rerender(<SourcesSheet groups={[group(2, 'Reset'), group(4, 'Plans')]} />);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: /Plans/ }));
});

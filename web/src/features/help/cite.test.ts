// @vitest-environment happy-dom
import type { Nodes } from 'mdast';
import { expect, test } from 'vitest';
import { parse } from './markdown';

function marked(node: Nodes): string[] {
  if (node.type === 'cited') return [node.value];
  return 'children' in node ? node.children.flatMap((child) => marked(child)) : [];
}
const citedIn = (markdown: string, quote: string): string => marked(parse(markdown, '', quote)).join('|');

test('marks the sentence and nothing around it', () => {
  expect(citedIn('One is here. Two is there. Three.', 'Two is there.')).toBe('Two is there.');
});

test('finds a sentence across bold text and links', () => {
  expect(
    citedIn('Open the **Billing** page and [pay](/x) now. Done.', 'Open the Billing page and pay now.'),
  ).toBe('Open the |Billing| page and |pay| now.');
});

test('line breaks, case and typographic quotes do not matter', () => {
  expect(citedIn('Choose “Forgot\n  password?” there.', 'choose "forgot password?" there.')).toBe(
    'Choose “Forgot\npassword?” there.',
  );
});

test('a quote over several paragraphs marks each of them', () => {
  const markdown =
    '- Open the billing page first\n- Then choose the other plan\n- Unrelated advice stands here';
  expect(citedIn(markdown, 'Open the billing page first Then choose the other plan')).toBe(
    'Open the billing page first|Then choose the other plan',
  );
});

test('what is not there is not marked', () => {
  expect(citedIn('One is here.', 'Nowhere to be found.')).toBe('');
  expect(citedIn('One is here.', '')).toBe('');
});

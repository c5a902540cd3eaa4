/** Contrast by WCAG 2 AA, computed from the tokens themselves: ours, and what becomes of a company's colour. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { accentTokens } from './accent';
import { contrast, type Oklch, parseOklch } from './oklch';

type Pair = { light: Oklch; dark: Oklch };
const COLOUR = 'oklch\\([^()]*\\)';
const PAIR = new RegExp(`(--[\\w-]+):\\s*light-dark\\((${COLOUR}),\\s*(${COLOUR})\\)`, 'g');

function pairs(css: string): Record<string, Pair> {
  return Object.fromEntries(
    [...css.matchAll(PAIR)].flatMap(([, name, light, dark]) => {
      const pair = { light: parseOklch(light ?? ''), dark: parseOklch(dark ?? '') };
      return pair.light && pair.dark ? [[name, pair as Pair]] : [];
    }),
  );
}

const OURS = pairs(readFileSync(join(import.meta.dirname, '../styles/tokens.css'), 'utf8'));

/** Text 4.5, marks and edges 3: what stands on what. */
const TEXT: [ink: string, grounds: string[]][] = [
  ['--ink', ['--surface', '--raised', '--accent-wash', '--warn-wash', '--bad-wash', '--cited']],
  ['--muted', ['--surface', '--raised', '--accent-wash']],
  ['--accent', ['--surface', '--raised', '--accent-wash']],
  ['--accent-ink', ['--accent']],
  ['--good', ['--surface', '--raised']],
  ['--warn', ['--surface', '--raised', '--warn-wash']],
  ['--bad', ['--surface', '--raised', '--bad-wash']],
  ['--caller', ['--surface', '--raised']],
  ['--staff', ['--surface', '--raised']],
];
const MARKS: [mark: string, grounds: string[]][] = [
  ['--edge', ['--surface', '--raised']],
  ['--warn-mark', ['--surface']],
];

function tooFaint(tokens: Record<string, Pair>): string[] {
  return [
    ...TEXT.map((each) => [...each, 4.5] as const),
    ...MARKS.map((each) => [...each, 3] as const),
  ].flatMap(([ink, grounds, least]) =>
    grounds.flatMap((ground) =>
      (['light', 'dark'] as const).flatMap((theme) => {
        const [one, other] = [tokens[ink]?.[theme], tokens[ground]?.[theme]];
        const ratio = one && other ? contrast(one, other) : 0;
        return ratio >= least ? [] : [`${ink} on ${ground}, ${theme}: ${ratio.toFixed(2)}`];
      }),
    ),
  );
}

test('known figures', () => {
  const [black, white] = [
    { l: 0, c: 0, h: 0 },
    { l: 1, c: 0, h: 0 },
  ];
  expect(contrast(black, white)).toBeCloseTo(21, 1);
  // #767676 on white is 4.54 : 1, the well-known lightest grey for text.
  expect(contrast({ l: 0.5673, c: 0, h: 0 }, white)).toBeCloseTo(4.54, 1);
});

test('every token can be read in light and in dark', () => {
  expect(tooFaint(OURS)).toEqual([]);
});

const hues = Array.from({ length: 24 }, (_, index) => index * 15);
const COMPANIES = [
  'oklch(0.97 0.21 110)',
  'oklch(1 0 0)',
  'oklch(0 0 0)',
  'oklch(0.45 0.31 264)',
  'oklch(0.87 0.29 142)',
  ...hues.flatMap((hue) => [0.2, 0.55, 0.9].map((l) => `oklch(${l} 0.15 ${hue})`)),
];

describe('a company’s colour', () => {
  test('of any kind can be read in light and in dark', () => {
    for (const accent of COMPANIES) {
      const css = Object.entries(accentTokens(accent))
        .map(([name, value]) => `${name}: ${value};`)
        .join('\n');
      expect(tooFaint({ ...OURS, ...pairs(css) }), accent).toEqual([]);
    }
  });

  test('stays as it is where it can be read already', () => {
    expect(accentTokens('oklch(0.45 0.12 260)')['--accent']).toMatch(/^light-dark\(oklch\(0.45 0.12 260\)/);
  });

  test('that is none changes nothing', () => {
    expect(accentTokens('red; background: url(//x)')).toEqual({});
    expect(accentTokens('')).toEqual({});
  });
});

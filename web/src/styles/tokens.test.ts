/** Values stand in tokens.css and nowhere else; steps of space, type and radius are those of the scale. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '..');
const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx|css)$/.test(entry.name) && !entry.name.includes('.test.'))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))
  .filter((file) => file !== 'styles/tokens.css');

/** Everything in the files that matches, with where it stands. */
function found(pattern: RegExp, among: RegExp): string[] {
  return files
    .filter((file) => among.test(file))
    .flatMap((file) =>
      readFileSync(join(SRC, file), 'utf8')
        .split('\n')
        // A media query cannot hold a variable.
        .filter((line) => !line.trimStart().startsWith('@media'))
        .flatMap((line) => [...line.matchAll(pattern)].map(([hit]) => `${file}: ${hit}`)),
    );
}

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(found(/var\(--\w+/g, /\.css$/).length).toBeGreaterThan(10);
  expect(found(/\bgap-\d/g, /\.tsx$/).length).toBeGreaterThan(10);
});

test('no colour outside the tokens', () => {
  expect(found(/#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|color-mix)\([^)]*/gi, /\.(css|tsx)$/)).toEqual(
    [],
  );
});

test('no length and no time outside the tokens', () => {
  expect(found(/(?<![\w.-])\d*\.?\d+(?:px|rem|ms|s)\b/g, /\.css$/)).toEqual([]);
  expect(found(/-\[[^\]\s]*\d(?:px|rem|em|ms|s)\b[^\]\s]*\]/g, /\.tsx$/)).toEqual([]);
});

test('space has eight steps', () => {
  const steps = ['0', '1', '2', '3', '4', '6', '8', '12', '16'];
  const used = found(
    /(?<=[\s'"`:-])(?:p|m)[xytrbl]?-[\d.]+\b|(?<=[\s'"`:-])gap(?:-[xy])?-[\d.]+\b/g,
    /\.tsx$/,
  );
  expect(used.filter((each) => !steps.includes(each.split('-').at(-1) ?? ''))).toEqual([]);
});

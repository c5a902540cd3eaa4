/** The rules of this folder: imports go one way, features do not know each other, files stay readable. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const SRC = import.meta.dirname;
const LONGEST = 250;

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)));

const importsOf = (file: string): string[] =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
    ([, path]) => path ?? '',
  );

const broken = (rule: (file: string, imported: string) => boolean): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((imported) => rule(file, imported))
      .map((imported) => `${file} imports ${imported}`),
  );

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap(importsOf)).toContain('@/lib/identity');
});

test('a feature does not know another feature', () => {
  const feature = (path: string) => /features\/(\w+)/.exec(path)?.[1];
  expect(
    broken(
      (file, imported) =>
        (feature(file) !== undefined &&
          feature(imported) !== undefined &&
          feature(file) !== feature(imported)) ||
        (feature(file) !== undefined && imported.startsWith('../') && !imported.includes('tests/')),
    ),
  ).toEqual([]);
});

test('lib and components know neither features nor the app; features do not know the app', () => {
  expect(broken((file, to) => /^(lib|components)\//.test(file) && /@\/(features|app)\//.test(to))).toEqual(
    [],
  );
  expect(broken((file, to) => file.startsWith('features/') && to.startsWith('@/app/'))).toEqual([]);
  expect(broken((file, to) => file.startsWith('lib/') && to.startsWith('@/components/'))).toEqual([]);
});

test('LiveKit only in the call, Firebase only in the sign-in', () => {
  expect(broken((file, to) => /livekit/.test(to) && !file.startsWith('features/call/'))).toEqual([]);
  expect(broken((file, to) => /firebase\//.test(to) && !file.startsWith('features/auth/'))).toEqual([]);
});

test('no file is longer than a reader likes', () => {
  const lines = (file: string) => readFileSync(join(SRC, file), 'utf8').split('\n').length;
  expect(files.filter((file) => lines(file) > LONGEST)).toEqual([]);
});

/** What a visitor loads before a call: the entry, what it imports, and the start page; the call's code comes later. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const DIST = join(import.meta.dirname, '../dist');
/** On a slow phone connection (1.6 Mbit/s) this is one and a quarter seconds. */
const BUDGET_BYTES = 250_000;

const read = (name: string): string => readFileSync(join(DIST, 'assets', name), 'utf8');

/** A chunk with everything it imports statically. */
function withImports(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const [, imported] of read(name).matchAll(/(?:import|from)\s*["']\.\/([\w.-]+\.js)["']/g)) {
    if (imported) withImports(imported, seen);
  }
  return seen;
}

test('the script before a call fits its budget and holds no LiveKit', () => {
  const entry =
    /src="\/assets\/([\w.-]+\.js)"/.exec(readFileSync(join(DIST, 'index.html'), 'utf8'))?.[1] ?? '';
  const before = [...withImports(entry)];
  const bytes = before.reduce((sum, name) => sum + gzipSync(read(name)).length, 0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(BUDGET_BYTES);
  const call = readdirSync(join(DIST, 'assets')).find((name) => /^live-call.*\.js$/.test(name));
  expect(read(call ?? '')).toContain('RoomEvent');
  expect(before).not.toContain(call);
});

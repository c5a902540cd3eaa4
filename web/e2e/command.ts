import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, type Stack } from './stack';

/** What `insta-voice …` prints, on the stack's database. */
export function instaVoice(stack: Stack, ...words: string[]): string {
  return execFileSync(join(ROOT, '.venv/bin/insta-voice'), words, {
    env: { ...process.env, INSTA_DATA_DIR: stack.dataDir },
    encoding: 'utf8',
  });
}

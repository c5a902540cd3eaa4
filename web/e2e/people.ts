/** People of the real stack: who the company knows, and what the emulator would have mailed them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instaVoice } from './command';
import type { Stack } from './stack';

export const PASSWORD = 'a-long-password';

/** `insta-voice users …` on the stack's database. */
export function users(stack: Stack, ...words: string[]): string {
  return instaVoice(stack, 'users', ...words);
}

/** The company makes somebody known, with a fact about their account. */
export function introduce(stack: Stack, email: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'insta-people-'));
  const file = join(folder, 'people.csv');
  writeFileSync(file, `email,name,plan,seats_used\n${email},Nora Vik,team,14\n`);
  users(stack, 'import', file);
  rmSync(folder, { recursive: true });
}

/** An address nobody has used yet. */
export const freshAddress = (name: string, domain = 'tidewater.example'): string =>
  `${name}-${Date.now().toString(36)}@${domain}`;

/** Switches a person off at Firebase itself, as its console does. */
export async function disableAtFirebase(stack: Stack, email: string): Promise<void> {
  const base = `${stack.auth_emulator}/identitytoolkit.googleapis.com/v1/projects/demo-insta-voice/accounts`;
  const ask = async (path: string, body: object) => {
    const answer = await fetch(base + path, {
      method: 'POST',
      headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The emulator refused ${path}: ${await answer.text()}`);
    return (await answer.json()) as { users?: { localId: string }[] };
  };
  const { users: found } = await ask(':lookup', { email: [email] });
  await ask(':update', { localId: found?.[0]?.localId, disableUser: true });
}

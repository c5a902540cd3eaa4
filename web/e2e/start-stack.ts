/** Starts the whole stack in a directory of its own; knows nothing of the tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type Stack = {
  url: string;
  livekit_url: string;
  speech_url: string;
  auth_emulator: string;
  demo_users: { email: string; password: string; role: string }[];
  dataDir: string;
};

export const ROOT = resolve(import.meta.dirname, '../..');
const READY_WITHIN_MS = 180_000;
/** `up` stops its parts within 10 s. */
const STOPPED_WITHIN_MS = 20_000;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export function readUpFile(dataDir: string): Stack | null {
  try {
    return { ...JSON.parse(readFileSync(join(dataDir, 'up.json'), 'utf8')), dataDir: resolve(dataDir) };
  } catch {
    return null;
  }
}

export async function startStack(): Promise<{ dataDir: string; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'insta-e2e-'));
  let said = '';
  const up = spawn(join(ROOT, '.venv/bin/insta-voice'), ['up'], {
    cwd: ROOT,
    // Production's rule, not the emulator's: who is not known may not call.
    env: { ...process.env, INSTA_DATA_DIR: dataDir, LIMIT_TOKENS_PER_MINUTE: '60', SIGNUP: 'known' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const keep = (chunk: Buffer) => {
    said = (said + chunk).slice(-8000);
  };
  up.stdout.on('data', keep);
  up.stderr.on('data', keep);
  const stop = () => stopStack(up, dataDir);
  // Also when the run is broken off before anyone stops it.
  process.once('exit', () => up.kill('SIGTERM'));

  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && up.exitCode === null) {
    if (readUpFile(dataDir)) return { dataDir, stop };
    await pause(200);
  }
  await stop();
  throw new Error(`The stack did not become ready. It said last:\n${said}`);
}

async function stopStack(up: ChildProcess, dataDir: string): Promise<void> {
  if (up.exitCode === null) {
    const gone = new Promise((done) => up.once('exit', done));
    up.kill('SIGTERM');
    await Promise.race([gone, pause(STOPPED_WITHIN_MS)]);
    if (up.exitCode === null && up.signalCode === null) up.kill('SIGKILL');
  }
  rmSync(dataDir, { recursive: true, force: true });
}

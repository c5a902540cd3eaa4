/** The parts of the running stack as processes: to stop one, to kill one, to run a second API with other settings. */
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT, type Stack } from './stack';

type Part = { pid: number; children: number[]; env: Record<string, string> };

export function parts(stack: Stack): Record<string, Part> {
  const python = join(ROOT, '.venv/bin/python');
  const script = join(import.meta.dirname, 'processes.py');
  return JSON.parse(execFileSync(python, [script, stack.dataDir], { encoding: 'utf8' }));
}

export function part(stack: Stack, name: string): Part {
  const found = parts(stack)[name];
  if (!found) throw new Error(`No part ${name} among ${Object.keys(parts(stack)).join(', ')}`);
  return found;
}

export function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}

/** Holds the worker still, so that no assistant comes; `release` lets it go on. */
export function holdWorker(stack: Stack): () => void {
  const { pid } = part(stack, 'worker');
  signal([pid], 'SIGSTOP');
  return () => signal([pid], 'SIGCONT');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (!address || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A second API on the same database, LiveKit and sign-in, with settings of its own. */
export async function secondApi(stack: Stack, settings: Record<string, string>) {
  const port = await freePort();
  const { NOTIFY_SOCKET, ...env } = part(stack, 'api').env;
  const api = spawn(join(ROOT, '.venv/bin/insta-voice'), ['api'], {
    cwd: ROOT,
    env: { ...env, INSTA_PORT: String(port), ...settings },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 30_000;
  while (api.exitCode === null && Date.now() < deadline) {
    if (
      await fetch(`${url}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      )
    ) {
      return { url, stop: () => void api.kill('SIGTERM') };
    }
    await new Promise((again) => setTimeout(again, 100));
  }
  api.kill('SIGKILL');
  throw new Error('The second API did not start.');
}

/** A LiveKit token for somebody from support, as the console will have one. */
export function staffToken(stack: Stack, room: string): string {
  const { LIVEKIT_API_KEY: key = '', LIVEKIT_API_SECRET: secret = '' } = part(stack, 'api').env;
  const seconds = Math.floor(Date.now() / 1000);
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: key,
    sub: 'staff-sam',
    name: 'Sam',
    nbf: seconds - 10,
    exp: seconds + 300,
    video: { roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true },
  };
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

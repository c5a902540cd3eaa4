/** The whole stack on this machine, one for all test files: see one-stack.ts. */
import { inject } from 'vitest';
import { readUpFile, type Stack } from './start-stack';

export { ROOT, type Stack } from './start-stack';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the stack of this run keeps its data, put there by one-stack.ts. */
    dataDir: string;
  }
}

/** The one stack of this run; whoever started it stops it. */
export async function useStack(): Promise<Stack> {
  const dataDir = inject('dataDir');
  const up = readUpFile(dataDir);
  if (!up) throw new Error(`Nothing runs in ${dataDir}: it has no up.json.`);
  return up;
}

/** A spoken question as WAV, base64, by the stack's own speech server (OpenAI's audio API). */
export async function speak(stack: Stack, text: string): Promise<string> {
  const response = await fetch(`${stack.speech_url}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: 'piper', input: text, voice: 'joe', response_format: 'wav' }),
  });
  if (!response.ok) throw new Error(`The speech server refused: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer()).toString('base64');
}

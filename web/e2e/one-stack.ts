/** Before the calls: a running stack when INSTA_E2E_DATA_DIR names its data directory, else one of our own. */
import type { TestProject } from 'vitest/node';
import { startStack } from './start-stack';

export default async function oneStack({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env.INSTA_E2E_DATA_DIR;
  if (running) {
    provide('dataDir', running);
    return undefined;
  }
  const stack = await startStack();
  provide('dataDir', stack.dataDir);
  return stack.stop;
}

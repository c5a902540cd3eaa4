/** What each test file of calls needs: the stack, a browser, and an end for everyone who arrived. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launch } from './browser';
import { Caller, type CallerOptions } from './caller';
import { type Stack, useStack as theStack } from './stack';

const FAILED = `${import.meta.dirname}/../test-results/failed`;

/** Called once by each spec. A test that fails says what each page showed, and leaves a picture in test-results/failed. */
export function bringCallers(switches: string[] = [], usual: CallerOptions = {}) {
  let stack: Stack;
  let browser: Browser;
  const here: Caller[] = [];

  beforeAll(async () => {
    stack = await theStack();
    browser = await launch(switches);
  });
  afterAll(() => browser?.close());
  afterEach(async ({ task }) => {
    const faults = here.flatMap((caller) => caller.faults);
    const leaving = here.splice(0);
    if (task.result?.state === 'fail')
      await Promise.all(leaving.map((caller, at) => keepWhatItShowed(caller, task.name, at)));
    await Promise.all(leaving.map((caller) => caller.leave().catch(() => undefined)));
    expect(faults, 'uncaught errors of the page').toEqual([]);
  });

  return {
    stack: () => stack,
    browser: () => browser,
    someone: async (options: CallerOptions = {}, at: Browser = browser): Promise<Caller> => {
      const caller = await Caller.arrive(at, stack, { ...usual, ...options });
      here.push(caller);
      return caller;
    },
  };
}

async function keepWhatItShowed(caller: Caller, test: string, at: number): Promise<void> {
  const path = `${FAILED}/${test.replace(/\W+/g, '-')}-${at}.png`;
  const shown = await caller.page.locator('body').innerText({ timeout: 5000 }).catch(String);
  console.error(`${test}: page ${at + 1}, ${caller.page.url()}, showed:\n${shown}`);
  await caller.page.screenshot({ path, timeout: 5000 }).catch(() => undefined);
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

type Axe = { run: (options: RunOptions) => Promise<AxeResults> };

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TRIES = 5; // in a call something arrives every few seconds

/** Accessibility faults of the page as it stands, each as one line. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  for (let tries = TRIES; ; tries -= 1) {
    const { faults, moved } = await asItStands(page);
    // Colours are judged once what arrives has arrived.
    if (faults.length === 0 || !moved || tries === 1) return faults;
  }
}

/** Once nothing moves that comes to an end; `moved`: whether something came or began to move while it was looked at. */
async function asItStands(page: Page): Promise<{ faults: string[]; moved: boolean }> {
  const { results, moved } = await page.evaluate(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter((each) => each.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .filter((each) => each.playState === 'running');
    await Promise.all(moving().map((each) => each.finished.catch(() => null)));
    let moved = false;
    const watcher = new MutationObserver(() => {
      moved = true;
    });
    watcher.observe(document.body, { subtree: true, childList: true });
    const results = await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] });
    moved ||= watcher.takeRecords().length > 0 || moving().length > 0;
    watcher.disconnect();
    return { results, moved };
  });
  const faults = results.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
  return { faults, moved };
}

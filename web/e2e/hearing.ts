/** What a screen reader would say: the text that live regions of the page gain, in order, without repetitions. */
import type { Page } from 'playwright-core';

type WithHearing = { __spoken: string[] };

function listen(): void {
  const spoken: string[] = [];
  (window as unknown as WithHearing).__spoken = spoken;
  const live = '[role="status"], [role="log"], [role="alert"], [aria-live="polite"], [aria-live="assertive"]';
  const say = (region: Element, text: string) => {
    const words = text.trim();
    if (
      words &&
      spoken.at(-1) !== words &&
      region.closest('[inert], [hidden], [aria-hidden="true"]') === null
    ) {
      spoken.push(words);
    }
  };
  new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const region = element?.closest(live);
      if (!region) continue;
      if (type === 'characterData' || region.getAttribute('role') === 'status')
        say(region, region.textContent ?? '');
      else for (const node of addedNodes) say(region, node.textContent ?? '');
    }
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

export const giveHearing = (page: Page): Promise<unknown> => page.addInitScript(listen);

export const spoken = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as WithHearing).__spoken);

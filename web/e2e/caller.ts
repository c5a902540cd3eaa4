/** Somebody at the page: a browser context of their own, signed in, with the words for what they see and do. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Stack } from './stack';

export type CallerOptions = BrowserContextOptions & {
  /** Done to each page before it is opened: a microphone of the test's, a browser without something. */
  prepare?: (page: Page) => Promise<unknown>;
};

export class Caller {
  readonly faults: string[] = [];

  private constructor(
    readonly stack: Stack,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly prepare: (page: Page) => Promise<unknown>,
  ) {}

  static async arrive(browser: Browser, stack: Stack, options: CallerOptions = {}): Promise<Caller> {
    const { prepare = async () => undefined, ...more } = options;
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...more });
    const page = await context.newPage();
    const caller = new Caller(stack, context, page, prepare);
    await caller.watch(page);
    return caller;
  }

  /** A second tab of the same browser. */
  async secondTab(): Promise<Caller> {
    const page = await this.context.newPage();
    const caller = new Caller(this.stack, this.context, page, this.prepare);
    await caller.watch(page);
    return caller;
  }

  private async watch(page: Page) {
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => this.faults.push(String(error)));
    await this.prepare(page);
  }

  async signIn(who: string, url = this.stack.url) {
    await this.page.goto(url);
    await this.page.getByRole('button', { name: new RegExp(`^${who}@`) }).click();
    await this.ready();
  }

  /** The start page, when a call may begin. */
  async ready() {
    await this.page.locator('button:enabled', { hasText: 'Talk to support' }).waitFor();
  }

  press(name: string | RegExp) {
    return this.page.getByRole('button', { name, exact: true }).click();
  }
  talk() {
    return this.press('Talk to support');
  }
  type() {
    return this.press('or type instead');
  }

  inPhase(...phases: string[]) {
    return this.page.waitForSelector(phases.map((phase) => `[data-phase="${phase}"]`).join(','));
  }
  /** Someone hears the caller. */
  inCall() {
    return this.inPhase('listening', 'thinking', 'speaking', 'human');
  }
  ended(kind: string) {
    return this.page.waitForSelector(`[data-ending="${kind}"]`);
  }
  /** Mute, Type, Get a person, End. */
  control(name: string): Locator {
    return this.page.getByRole('toolbar', { name: 'Call' }).getByRole('button', { name, exact: true });
  }
  said(words: string | RegExp) {
    return this.page.getByText(words).first().waitFor();
  }
  heading(name: string | RegExp) {
    return this.page.getByRole('heading', { name }).waitFor();
  }
  lines(speaker: 'caller' | 'assistant'): Locator {
    return this.page.locator(`li[data-speaker="${speaker}"][data-partial="false"]`);
  }
  words(speaker: 'caller' | 'assistant'): Promise<string[]> {
    return this.lines(speaker).locator('[data-words]').allTextContents();
  }

  /** The assistant has said its piece: a new finished line, and it listens again. */
  async answered(already: number): Promise<string> {
    await this.lines('assistant').nth(already).waitFor();
    await this.inPhase('listening');
    return (await this.words('assistant')).slice(already).join(' ');
  }

  async ask(question: string) {
    await this.page.getByLabel('Your question').fill(question);
    await this.page.keyboard.press('Enter');
  }

  async hangUp() {
    await this.control('End').click();
    await this.ended('you');
  }

  /** Moves the page's clock on; its timers run as ever. */
  later(ms: number) {
    return this.page.evaluate((by) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + by;
    }, ms);
  }

  /** Leaves the pages before closing them: a call that is just cut off is kept open for the lost caller. */
  async leave() {
    await this.context.setOffline(false).catch(() => undefined);
    await Promise.all(this.context.pages().map((page) => page.goto('about:blank').catch(() => undefined)));
    await this.context.close();
  }
}

import { execSync } from 'node:child_process';
import { test } from 'vitest';
import { launch } from './browser';
import { giveMouthAndEar, say } from './sound';
import { speak, useStack } from './stack';
test('kill', async () => {
  const stack = await useStack();
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, permissions: ['microphone'] });
  page.on('console', (m) => console.log(m.type(), m.text()));
  page.on('pageerror', (m) => console.log('PAGEERROR', String(m)));
  await giveMouthAndEar(page);
  await page.goto(stack.url);
  await page.getByRole('button', { name: /^leo@/ }).click();
  await page.getByRole('button', { name: 'Talk to support' }).click();
  await page.waitForSelector('[data-phase="speaking"]');
  await page.waitForSelector('[data-phase="listening"]');
  await say(page, await speak(stack, 'How do I reset my password?'));
  await page.waitForSelector('[data-phase="speaking"]');
  await page.waitForTimeout(1500);
  console.log(execSync('ps -eo pid,ppid,args | grep -E "job_proc|multiprocessing|insta-voice worker" | grep -v grep').toString());
  const killed = execSync(process.env.KILL ?? 'true').toString();
  console.log('killed', killed);
  const start = Date.now();
  let last = '';
  while (Date.now() - start < 40000) {
    const now = await page.evaluate(() => `${document.querySelector('[role=status]')?.textContent} | ${document.querySelector('h1')?.textContent} | ${[...document.querySelectorAll('[data-words]')].at(-1)?.textContent}`);
    if (now !== last) console.log(((Date.now() - start) / 1000).toFixed(1), now);
    last = now;
    await page.waitForTimeout(200);
  }
  await browser.close();
});

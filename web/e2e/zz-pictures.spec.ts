import { test } from 'vitest';
import { launch } from './browser';
import { giveMouthAndEar, say } from './sound';
import { speak, useStack } from './stack';

test('pictures', async () => {
  const stack = await useStack();
  const browser = await launch();
  for (const [name, viewport, colorScheme, who] of [
    ['call-desktop', { width: 1440, height: 900 }, 'light', 'maya'],
    ['call-phone', { width: 390, height: 844 }, 'dark', 'leo'],
  ] as const) {
    const page = await browser.newPage({ viewport, colorScheme, permissions: ['microphone'] });
    page.on('console', (m) => console.log(name, m.type(), m.text()));
    await giveMouthAndEar(page);
    await page.goto(stack.url);
    await page.getByRole('button', { name: new RegExp(`^${who}@`) }).click();
    await page.getByRole('button', { name: 'Talk to support' }).click();
    await page.waitForSelector('[data-phase="speaking"]');
    await page.waitForSelector('[data-phase="listening"]');
    await say(page, await speak(stack, 'How do I reset my password?'));
    await page.waitForSelector('[data-phase="speaking"]');
    await page.waitForTimeout(3500);
    await page.screenshot({ path: `../docs/images/${name}.png` });
    await page.waitForSelector('[data-phase="listening"]');
    await say(page, await speak(stack, 'And if I do not get the email?'));
    await page.waitForSelector('[data-phase="speaking"]');
    await page.waitForTimeout(3000);
    await page.screenshot({ path: `../docs/images/${name}-2.png` });
    await page.waitForSelector('[data-phase="listening"]');
    if (name === 'call-phone') {
      await page.getByRole('button', { name: /show all/ }).click();
      await page.waitForTimeout(600);
      await page.screenshot({ path: `../docs/images/sheet.png` });
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'End' }).click();
    await page.waitForTimeout(6000);
    await page.screenshot({ path: `../docs/images/${name}-after.png` });
    await page.getByRole('button', { name: 'Back to start' }).click();
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `../docs/images/${name}-start.png` });
  }
  await browser.close();
});

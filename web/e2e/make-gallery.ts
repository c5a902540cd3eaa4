/** `npm run gallery`: the pictures that the looks leave, put together small for docs/gallery.md, one file a page. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launch } from './browser';
import { PICTURES } from './looks';
import { ROOT } from './stack';

const DOCS = join(ROOT, 'docs');
const INTO = join(DOCS, 'images', 'pages');
const VARIANTS = ['phone-light', 'phone-dark', 'desktop-light', 'desktop-dark'];
/** All four of a page side by side: words stay readable, and a page costs the repository some 25 kB. */
const HEIGHT_PX = 420;
const QUALITY = 0.6;

/** Runs in the browser: draws the pictures in a row and gives WebP as base64. */
async function inARow([pictures, height, quality]: [string[], number, number]): Promise<string> {
  const images = await Promise.all(
    pictures.map(async (png) => {
      const image = new Image();
      image.src = `data:image/png;base64,${png}`;
      await image.decode();
      return image;
    }),
  );
  const widths = images.map((image) => Math.round((image.width * height) / image.height));
  const canvas = document.createElement('canvas');
  canvas.height = height;
  canvas.width = widths.reduce((sum, width) => sum + width + 8, -8);
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.imageSmoothingQuality = 'high';
  let left = 0;
  for (const [index, image] of images.entries()) {
    pen.drawImage(image, left, 0, widths[index] ?? 0, height);
    left += (widths[index] ?? 0) + 8;
  }
  return canvas.toDataURL('image/webp', quality).split(',')[1] ?? '';
}

test('the gallery', async () => {
  const files = new Set(readdirSync(PICTURES));
  const names = [...files]
    .filter((file) => file.endsWith(`-${VARIANTS[0]}.png`))
    .map((file) => file.slice(0, -`-${VARIANTS[0]}.png`.length))
    // Pages of double text size are checked in one theme only and are no picture of what a visitor meets.
    .filter((name) => VARIANTS.every((variant) => files.has(`${name}-${variant}.png`)))
    .sort();
  expect(names.length, 'pictures in test-results/looks').toBeGreaterThan(10);
  rmSync(INTO, { recursive: true, force: true });
  mkdirSync(INTO, { recursive: true });
  const browser = await launch();
  const page = await browser.newPage();
  for (const name of names) {
    const pictures = VARIANTS.map((variant) =>
      readFileSync(join(PICTURES, `${name}-${variant}.png`), 'base64'),
    );
    const row = await page.evaluate(inARow, [pictures, HEIGHT_PX, QUALITY] as [string[], number, number]);
    writeFileSync(join(INTO, `${name}.webp`), Buffer.from(row, 'base64'));
  }
  await browser.close();
  const list = names.map((name) => `## ${title(name)}\n\n![${title(name)}](images/pages/${name}.webp)\n`);
  writeFileSync(
    join(DOCS, 'gallery.md'),
    `# Every page\n\nEach at 390 and 1440 px, light and dark, as the browser tests (\`web/e2e/*.spec.ts\`) see it; made by \`npm run gallery\` in \`web/\`.\n\n${list.join('\n')}`,
  );
});

const title = (name: string): string => {
  const words = name.replace(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

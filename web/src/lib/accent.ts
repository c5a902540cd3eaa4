/** The company's colour made readable: the same hue in a light and a dark shade that keep AA contrast. */
import { contrast, inGamut, type Oklch, parseOklch, toCss } from './oklch';

/** What text and marks in the accent stand on (styles/tokens.css), light and dark. */
const GROUNDS = {
  light: [
    { l: 0.984, c: 0.004, h: 215 },
    { l: 1, c: 0, h: 0 },
  ],
  dark: [
    { l: 0.195, c: 0.014, h: 240 },
    { l: 0.24, c: 0.016, h: 238 },
  ],
} as const satisfies Record<string, readonly Oklch[]>;

/** WCAG 2 AA for text is 4.5; a little more leaves room for the browser's rounding to whole sRGB values. */
const READABLE = 4.6;
const STEP = 0.005;

type Shades = { accent: Oklch; ink: Oklch; wash: Oklch };

/** CSS variables that replace the tokens of the same names; empty for what is no colour. */
export function accentTokens(accent: string): Record<string, string> {
  const wanted = parseOklch(accent);
  if (!wanted) return {};
  const light = shades(wanted, 'light');
  const dark = shades(wanted, 'dark');
  const pair = (of: keyof Shades) => `light-dark(${toCss(light[of])}, ${toCss(dark[of])})`;
  return { '--accent': pair('accent'), '--accent-ink': pair('ink'), '--accent-wash': pair('wash') };
}

function shades({ l, c, h }: Oklch, theme: 'light' | 'dark'): Shades {
  const away = theme === 'light' ? -STEP : STEP;
  const wash = inGamut(
    theme === 'light' ? { l: 0.945, c: Math.min(c, 0.022), h } : { l: 0.295, c: Math.min(c, 0.035), h },
  );
  const grounds = [...GROUNDS[theme], wash];
  const ink = { l: theme === 'light' ? 0.99 : 0.2, c: Math.min(c, theme === 'light' ? 0.004 : 0.03), h };
  let accent = inGamut({ l, c, h });
  // The company's own lightness when it can be read, else the nearest that can: darker on light, lighter on dark.
  for (let at = Math.min(1 - STEP, Math.max(STEP, l)); at > 0 && at < 1; at += away) {
    accent = inGamut({ l: at, c, h });
    if ([...grounds, ink].every((ground) => contrast(accent, ground) >= READABLE)) break;
  }
  return { accent, ink, wash };
}

/** Colours as CSS `oklch()` writes them, and what WCAG 2 says about two of them. */

/** Lightness 0 to 1, chroma 0 to about 0.4, hue in degrees. */
export type Oklch = { l: number; c: number; h: number };

/** Reads `oklch(0.47 0.088 215)` or `oklch(47% 0.088 215deg)`; null for anything else. */
export function parseOklch(text: string): Oklch | null {
  const [, lightness, percent, chroma, hue] =
    /^oklch\(\s*([\d.]+)(%?)\s+([\d.]+)\s+(-?[\d.]+)(?:deg)?\s*\)$/.exec(text.trim()) ?? [];
  const colour = { l: Number(lightness) / (percent ? 100 : 1), c: Number(chroma), h: Number(hue) };
  return Object.values(colour).every(Number.isFinite) && colour.l <= 1 ? colour : null;
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

export const toCss = ({ l, c, h }: Oklch): string => `oklch(${round(l)} ${round(c)} ${round(h)})`;

/** Linear-light sRGB; channels outside 0 to 1 cannot be shown. Matrices: Björn Ottosson, "A perceptual color space". */
function linearRgb({ l, c, h }: Oklch): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** A hair of tolerance, so that white counts as showable in spite of the rounding. */
const EDGE = 0.0005;

/** The same lightness and hue with as much of the chroma as a screen can show. */
export function inGamut(colour: Oklch): Oklch {
  let c = colour.c;
  while (c > 0 && linearRgb({ ...colour, c }).some((channel) => channel < -EDGE || channel > 1 + EDGE)) {
    c = Math.max(0, c - 0.002);
  }
  return { ...colour, c };
}

/** Relative luminance by WCAG 2, of the colour as it is shown. */
function luminance(colour: Oklch): number {
  const [red, green, blue] = linearRgb(inGamut(colour)).map((channel) => Math.min(1, Math.max(0, channel)));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrast(one: Oklch, other: Oklch): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** The language the caller speaks, among those that calls are held in. Kept in this browser only. */
import type { Language } from '@/lib/config';

const KEY = 'insta.language';

/** What was chosen here before, else what the browser is set to, else the company's own: the first. */
export function preferredLanguage(
  offered: Language[],
  remembered: string | null,
  browser: readonly string[],
): string {
  const wanted = [remembered, ...browser.map((tag) => tag.split('-')[0]?.toLowerCase())];
  const codes = offered.map(({ code }) => code);
  return wanted.find((code) => code && codes.includes(code)) ?? codes[0] ?? '';
}

/** Storage may be switched off; then nothing is remembered. */
export function rememberedLanguage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberLanguage(code: string): void {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // It holds for this call.
  }
}

import { useLayoutEffect } from 'react';
import { accentTokens } from '@/lib/accent';

/** Puts the company's colour in place of ours, in the shades that can be read in light and in dark. */
export function useTheme(accent: string | null): void {
  useLayoutEffect(() => {
    const tokens = accent ? accentTokens(accent) : {};
    const root = document.documentElement;
    for (const [name, value] of Object.entries(tokens)) root.style.setProperty(name, value);
    return () => {
      for (const name of Object.keys(tokens)) root.style.removeProperty(name);
    };
  }, [accent]);
}

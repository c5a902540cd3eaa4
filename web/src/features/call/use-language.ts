import { useCallback, useState } from 'react';
import type { Language } from '@/lib/config';
import { preferredLanguage, rememberedLanguage, rememberLanguage } from './language';

export type LanguageChoice = {
  offered: Language[];
  chosen: string;
  /** What a call is asked for in; null where there is no choice. */
  asked: string | null;
  onChoose: (code: string) => void;
};

/** The caller's language and their choice of it. */
export function useLanguage(offered: Language[]): LanguageChoice {
  const [chosen, setChosen] = useState(() =>
    preferredLanguage(offered, rememberedLanguage(), navigator.languages),
  );
  const onChoose = useCallback((code: string) => {
    rememberLanguage(code);
    setChosen(code);
  }, []);
  return { offered, chosen, asked: offered.length > 1 ? chosen : null, onChoose };
}

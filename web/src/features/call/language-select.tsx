import { Languages } from 'lucide-react';
import type { LanguageChoice } from './use-language';
import { BEFORE } from './wording';

/** Quiet, and not there at all where there is nothing to choose. */
export function LanguageSelect({ offered, chosen, onChoose }: Omit<LanguageChoice, 'asked'>) {
  if (offered.length < 2) return null;
  return (
    <label className="flex min-h-11 items-center gap-2 text-13 text-muted">
      <Languages aria-hidden size={16} strokeWidth={1.75} />
      <span className="sr-only">{BEFORE.language}</span>
      <select
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
        className="min-h-11 rounded-8 bg-transparent px-2 font-medium text-accent"
      >
        {offered.map(({ code, name }) => (
          <option key={code} value={code} lang={code} className="bg-raised text-ink">
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

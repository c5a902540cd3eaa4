/**
 * Who thought of what the assistant said, for somebody who knows no model by its name: that stands in the record, and
 * is shown to whoever points at the words.
 */
const WITHOUT_A_MODEL: Record<string, string> = {
  app: 'prepared words',
  grounded: 'without a language model',
};

export type Mind = { words: string; model?: string };

/** Null for turns of which nothing is known, and for the caller's. */
export function mindOf(mind: string): Mind | null {
  if (!mind) return null;
  const words = WITHOUT_A_MODEL[mind];
  return words ? { words } : { words: 'language model', model: mind };
}

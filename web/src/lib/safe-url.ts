/** Articles and sources are material: only http(s) and paths of this page become links. */
export function safeUrl(url: string, base: string = window.location.origin): string | null {
  try {
    const parsed = new URL(url, base);
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.href : null;
  } catch {
    return null;
  }
}

/** Stands between several cited sentences in an address. */
export const QUOTE_BREAK = '\n';

type Cited = { url: string; article_id: string; quotes: string[] };

/** The address of a source, with the cited sentences for pages of our own to mark. */
export function sourceUrl({ url, article_id, quotes }: Cited): string | null {
  const safe = safeUrl(url || `/help/${encodeURIComponent(article_id)}`);
  if (!safe) return null;
  const parsed = new URL(safe);
  if (parsed.origin === window.location.origin && quotes.length > 0) {
    parsed.searchParams.set('quote', quotes.join(QUOTE_BREAK));
  }
  return parsed.href;
}

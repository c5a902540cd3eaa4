/** Articles and sources are material: only http(s) and paths of this page become links. */
export function safeUrl(url: string, base: string = window.location.origin): string | null {
  try {
    const parsed = new URL(url, base);
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed.href : null;
  } catch {
    return null;
  }
}

/** The address of a source, with the cited sentence for pages of our own to mark. */
export function sourceUrl(source: { url: string; article_id: string; quote: string }): string | null {
  const safe = safeUrl(source.url || `/help/${encodeURIComponent(source.article_id)}`);
  if (!safe) return null;
  const parsed = new URL(safe);
  if (parsed.origin === window.location.origin && source.quote)
    parsed.searchParams.set('quote', source.quote);
  return parsed.href;
}

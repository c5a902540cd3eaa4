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

type Cited = { url: string; article_id: string; passages: { quotes: string[] }[] };

/** Words at either end of a long sentence: enough to find it, however it is set in between. */
const ENDS_IN_WORDS = 5;

/** The address of a source, open at the cited sentences: pages of ours mark them, browsers do so on foreign ones. */
export function sourceUrl({ url, article_id, passages }: Cited): string | null {
  const quotes = passages.flatMap((passage) => passage.quotes);
  const safe = safeUrl(url || `/help/${encodeURIComponent(article_id)}`);
  if (!safe) return null;
  const parsed = new URL(safe);
  if (quotes.length === 0) return parsed.href;
  if (parsed.origin === window.location.origin) parsed.searchParams.set('quote', quotes.join(QUOTE_BREAK));
  else parsed.hash = `${parsed.hash}:~:${quotes.map(textDirective).join('&')}`;
  return parsed.href;
}

/** A text fragment; a browser that knows none, or does not find the words, opens the page as ever. */
function textDirective(quote: string): string {
  const words = quote.trim().split(/\s+/);
  const ends =
    words.length > 2 * ENDS_IN_WORDS ? [words.slice(0, ENDS_IN_WORDS), words.slice(-ENDS_IN_WORDS)] : [words];
  const encoded = ends.map((each) => encodeURIComponent(each.join(' ')).replaceAll('-', '%2D'));
  return `text=${encoded.join(',')}`;
}

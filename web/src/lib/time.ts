const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** "5 minutes ago" within a day, "12 Nov 2026" after. */
export function whenInWords(iso: string, now: Date = new Date()): string {
  const then = new Date(iso);
  const seconds = Math.round((then.getTime() - now.getTime()) / 1000);
  const age = Math.abs(seconds);
  if (age < 45) return 'just now';
  if (age < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (age < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(then);
}

/** The full date and time, shown on hover. */
export const fullTime = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(iso));

/** "2 min 5 s" */
export function lengthInWords(from: string, to: string | null): string {
  if (!to) return '';
  const total = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  const minutes = Math.floor(total / 60);
  return minutes ? `${minutes} min ${total % 60} s` : `${total} s`;
}

/** "12 Nov 2026" */
export const dayInWords = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(new Date(iso));

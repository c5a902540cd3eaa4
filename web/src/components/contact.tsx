import { safeUrl } from '@/lib/safe-url';
import { textLink } from './text-link';

/** Where to find a person, as a link when it is an address, a page or a number. */
export function Contact({ contact }: { contact: string }) {
  const href = contactHref(contact);
  if (!href) return <>{contact}</>;
  return (
    <a href={href} className={textLink}>
      {contact}
    </a>
  );
}

/** Null for what cannot be linked, such as "the desk in hall 3". */
export function contactHref(contact: string): string | null {
  const text = contact.trim();
  if (/^[^\s@/:?]+@[^\s@/:?]+\.[^\s@/:?]+$/.test(text)) return `mailto:${text}`;
  if (/^https?:\/\//i.test(text)) return safeUrl(text);
  return /^\+?[\d\s()./-]{5,}$/.test(text) ? `tel:${text.replace(/[^\d+]/g, '')}` : null;
}

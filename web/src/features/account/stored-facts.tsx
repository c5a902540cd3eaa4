import { Facts } from '@/components/facts';
import { dayInWords } from '@/lib/time';
import { Group } from './group';

type Props = { company: string; facts: Record<string, unknown>; knownSince: string | null };

/** What the assistant may tell the caller about their account. */
export function StoredFacts({ company, facts, knownSince }: Props) {
  const known = Object.entries(facts);
  return (
    <Group
      title="Your account"
      what={`What ${company} told the assistant about your account, so that it can answer questions about it.`}
    >
      {known.length > 0 ? (
        <Facts facts={known.map(([name, value]) => [nameInWords(name), valueInWords(value)])} />
      ) : (
        <p>Nothing.</p>
      )}
      {knownSince ? (
        <p className="text-13 text-muted">
          {company} has put your address on its list of customers, last on {dayInWords(knownSince)}.
        </p>
      ) : null}
    </Group>
  );
}

/** "seats_used" → "Seats used" */
export function nameInWords(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function valueInWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) return value.map(valueInWords).join(', ');
  if (value && typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${nameInWords(name)}: ${valueInWords(each)}`)
      .join(', ');
  }
  return value === null || value === undefined ? '' : String(value);
}

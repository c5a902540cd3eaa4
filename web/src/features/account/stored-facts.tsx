import { Facts } from '@/components/facts';
import { dayInWords } from '@/lib/time';
import type { StoredData } from './api';
import { Group } from './group';

type Props = { company: string; facts: Record<string, unknown>; known: StoredData['known_people'] };

/** What the assistant may tell the caller about their account. */
export function StoredFacts({ company, facts, known }: Props) {
  const named = Object.entries(facts);
  return (
    <Group
      title="Your account"
      what={`What ${company} told the assistant about your account, so that it can answer questions about it.`}
    >
      {named.length > 0 ? (
        <Facts facts={named.map(([name, value]) => [nameInWords(name), valueInWords(value)])} />
      ) : (
        <p>Nothing.</p>
      )}
      {known.map(({ email, updated_at }) => (
        <p key={email} className="text-13 text-muted">
          {company} has {email} on its list of customers, last changed on {dayInWords(updated_at)}.
        </p>
      ))}
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

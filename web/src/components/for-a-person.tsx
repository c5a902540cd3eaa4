import type { Ticket } from '@/lib/calls';

type Props = { ticket: Ticket; className?: string };

/** What was left for a person, and whether it has reached anybody. */
export function ForAPerson({ ticket: { subject, status }, className }: Props) {
  const where =
    status === 'delivered' ? 'Passed on to a person:' : 'Noted, and will be passed on to a person:';
  return (
    <p className={className}>
      <span className="text-staff">{where}</span> {subject}
    </p>
  );
}

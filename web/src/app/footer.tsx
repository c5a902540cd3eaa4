import { Link } from '@tanstack/react-router';
import { PrivacyNote } from '@/components/privacy-note';
import { aloneLink } from '@/components/text-link';
import type { Config } from '@/lib/config';

/** The privacy notice under every page, with the way to what is stored. */
export function Footer({ config }: { config: Config }) {
  return (
    <footer className="mx-auto w-full max-w-2xl px-4 py-6">
      <PrivacyNote config={config}>
        <Link to="/me" className={aloneLink}>
          What is stored about you
        </Link>
      </PrivacyNote>
    </footer>
  );
}

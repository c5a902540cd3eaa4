import { useState } from 'react';
import type { Company } from '@/lib/config';
import { safeUrl } from '@/lib/safe-url';

/** The company's logo, or its name in letters when there is none or it cannot be loaded. */
export function CompanyName({ company }: { company: Company }) {
  const [failed, setFailed] = useState(false);
  const logo = company.logo_url && safeUrl(company.logo_url);
  if (!logo || failed) return <>{company.name}</>;
  return (
    <img
      src={logo}
      alt={company.name}
      onError={() => setFailed(true)}
      className="h-8 w-auto max-w-48 object-contain object-left"
    />
  );
}

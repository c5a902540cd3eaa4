import { useEffect } from 'react';

const TITLES: [path: RegExp, title: string][] = [
  [/^\/me$/, 'What is stored about you'],
  [/^\/calls\//, 'Your call'],
  [/^\/help\//, 'Help article'],
  [/^\/sign-up$/, 'Create an account'],
  [/^\/reset-password$/, 'Set a new password'],
  [/^\/account-link$/, 'Your account'],
];

/** What the window, its history and a screen reader call the page. */
export function useTitle(path: string, company: string): void {
  useEffect(() => {
    const page = TITLES.find(([pattern]) => pattern.test(path))?.[1];
    document.title = `${page ? `${page} · ` : ''}${company} support`;
  }, [path, company]);
}

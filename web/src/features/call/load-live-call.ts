import { type Ending, OUTDATED, UNREACHED } from './endings';

/** The call's own code, LiveKit with it: three times the size of the page before it. */
export const loadLiveCall = () => import('./live-call').then((module) => module.default);

/** Why it did not arrive: the server is away, or it serves a newer page by now, without these files. */
export async function whyNotLoaded(): Promise<Ending> {
  const answers = await fetch('/healthz', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
  return answers ? OUTDATED : UNREACHED;
}

import { AudioLines, Mic } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from '@/components/button';
import { Contact } from '@/components/contact';
import { Notice } from '@/components/notice';
import type { Config, Readiness } from '@/lib/config';
import { LanguageSelect } from './language-select';
import { canCall } from './microphone';
import type { DeviceChoice } from './sound';
import { SoundBefore } from './sound-before';
import type { LanguageChoice } from './use-language';
import { BEFORE } from './wording';

type Props = {
  config: Config;
  readiness: Readiness | undefined;
  sound: DeviceChoice & { onOpen: () => void };
  language: LanguageChoice;
  /** Another tab of this browser has the call. */
  elsewhere: boolean;
  onCall: (withMicrophone: boolean) => void;
  /** Ends the call there and begins it here; false when the other tab does not answer. */
  onTakeOver: () => Promise<boolean>;
  earlier: ReactNode;
};

/** One thing to do. While the assistant warms up, the button waits and enables itself. */
export function Before(props: Props) {
  const { config, readiness, sound, language, elsewhere, onCall, onTakeOver, earlier } = props;
  const contact = <Contact contact={config.support_contact} />;
  return (
    <main className="mx-auto flex w-full max-w-2xl flex-1 flex-col px-4 pb-16">
      <section className="flex flex-col items-center gap-6 py-12 text-center lg:py-16">
        <div className="flex flex-col gap-3">
          <h1 className="text-32">{config.company_name} support</h1>
          <p className="text-17 text-muted">{BEFORE.promise}</p>
        </div>
        {!canCall() ? (
          <InTheWay {...BEFORE.noWebRtc}>{contact}</InTheWay>
        ) : elsewhere ? (
          <OtherTab onTakeOver={onTakeOver} />
        ) : (
          <Start mode={config.mode} {...{ readiness, contact, sound, language, onCall }} />
        )}
      </section>
      {earlier}
    </main>
  );
}

/** In place of the button, where there is nothing to press for now. */
function InTheWay({ what, next, children }: { what: string; next: string; children: ReactNode }) {
  return (
    <div role="status" className="rise flex max-w-md flex-col items-center gap-4 py-8">
      <h2 className="text-20">{what}</h2>
      <p className="text-balance text-17 text-muted">{next}</p>
      {children}
    </div>
  );
}

function OtherTab({ onTakeOver }: Pick<Props, 'onTakeOver'>) {
  const [asked, setAsked] = useState<'not yet' | 'now' | 'in vain'>('not yet');
  const ask = async () => {
    setAsked('now');
    if (!(await onTakeOver())) setAsked('in vain');
  };
  return (
    <InTheWay {...(asked === 'in vain' ? BEFORE.otherTabSilent : BEFORE.otherTab)}>
      <Button kind="primary" disabled={asked === 'now'} onClick={() => void ask()}>
        {asked === 'now'
          ? 'Ending it there…'
          : asked === 'in vain'
            ? 'Try again'
            : 'End it there and call here'}
      </Button>
    </InTheWay>
  );
}

type StartProps = Pick<Props, 'readiness' | 'sound' | 'language' | 'onCall'> &
  Pick<Config, 'mode'> & { contact: ReactNode };

function Start({ mode, readiness, contact, sound, language, onCall }: StartProps) {
  const [choosing, setChoosing] = useState(false);
  const ready = readiness?.status === 'ready';
  return (
    <>
      <button
        type="button"
        disabled={!ready}
        onClick={() => onCall(true)}
        className="talk grid size-44 place-items-center rounded-full bg-accent p-6 text-20 font-semibold text-accent-ink shadow-one transition-[scale] enabled:hover:scale-[1.03] enabled:active:scale-[0.98] disabled:bg-accent-wash disabled:text-muted disabled:shadow-none"
      >
        <span className="flex flex-col items-center gap-2">
          <Mic aria-hidden size={32} strokeWidth={1.75} />
          Talk to support
        </span>
      </button>
      <Waiting readiness={readiness} contact={contact} />
      <button
        type="button"
        disabled={!ready}
        onClick={() => onCall(false)}
        className="min-h-11 rounded-8 px-4 text-17 font-medium text-accent underline-offset-4 enabled:hover:underline disabled:text-muted"
      >
        or type instead
      </button>
      <div className="flex flex-col items-center gap-2">
        <p className="max-w-md text-balance text-13 text-muted">{BEFORE.microphone}</p>
        <p className="max-w-md text-balance text-13 text-muted">{BEFORE.minds[mode]}</p>
        <Button kind="quiet" className="text-13" aria-haspopup="dialog" onClick={() => setChoosing(true)}>
          <AudioLines aria-hidden size={16} strokeWidth={1.75} />
          Microphone and speaker
        </Button>
        <LanguageSelect {...language} />
      </div>
      <SoundBefore open={choosing} onClose={() => setChoosing(false)} sound={sound} />
    </>
  );
}

function Waiting({ readiness, contact }: { readiness: Readiness | undefined; contact: ReactNode }) {
  if (!readiness || readiness.status === 'ready') return <p role="status" className="sr-only" />;
  if (readiness.status === 'warming_up') {
    return (
      <p role="status" className="text-15 text-muted">
        {BEFORE.warmingUp}
      </p>
    );
  }
  return (
    <Notice tone="warn">
      {BEFORE.unavailable} {contact}
    </Notice>
  );
}

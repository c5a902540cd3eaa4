import { useEffect, useState } from 'react';
import { Button } from '@/components/button';
import { Notice } from '@/components/notice';
import { Sheet } from '@/components/sheet';
import { chosenAmong } from './devices';
import { microphonePermission } from './microphone';
import { type DeviceChoice, Sound } from './sound';
import { useMicrophoneTest } from './use-microphone-test';
import { ASKING } from './wording';

type Props = { open: boolean; onClose: () => void; sound: DeviceChoice & { onOpen: () => void } };

/** Microphone and speaker before a call. The microphone is open only while this is, and nothing leaves the page. */
export function SoundBefore({ open, onClose, sound }: Props) {
  return (
    <Sheet title="Microphone and speaker" open={open} onClose={onClose}>
      <Test sound={sound} />
    </Sheet>
  );
}

function Test({ sound }: { sound: Props['sound'] }) {
  const [allowed, setAllowed] = useState<boolean | null>(null);
  useEffect(() => {
    void microphonePermission().then((permission) => setAllowed(permission === 'granted'));
  }, []);
  const microphone = chosenAmong(sound.devices.audioinput, sound.choice.audioinput);
  const { level, trouble } = useMicrophoneTest(allowed ? microphone : null, sound.onOpen);

  if (allowed === null) return null;
  if (!allowed) {
    return (
      <div className="flex flex-col gap-4">
        <p className="text-15 text-muted">{ASKING.before.next}</p>
        <Button kind="primary" className="self-start" onClick={() => setAllowed(true)}>
          Use the microphone
        </Button>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-6">
      {trouble ? (
        <Notice tone="warn" action={<Button onClick={() => setAllowed(false)}>Try again</Button>}>
          {ASKING[trouble].what}. {ASKING[trouble].next}
        </Notice>
      ) : null}
      <Sound sound={sound} level={level} />
    </div>
  );
}

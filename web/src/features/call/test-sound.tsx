import { Volume2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/button';
import { Notice } from '@/components/notice';
import { NOTICES } from './wording';

/** Two soft notes, half a second in all. */
const NOTES_HZ = [523.25, 659.25] as const;
const NOTE_S = 0.25;
/** Quieter than speech. */
const LOUDNESS = 0.15;

/** Plays two notes on the chosen speaker, so that the caller knows where the assistant will be heard. */
export function TestSound({ speakerId }: { speakerId: string }) {
  const player = useRef<HTMLAudioElement>(null);
  const context = useRef<AudioContext | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => () => void context.current?.close(), []);

  const play = async () => {
    const element = player.current;
    if (!element) return;
    try {
      setFailed(false);
      context.current ??= new AudioContext();
      element.srcObject = chime(context.current);
      await element.setSinkId(speakerId === 'default' ? '' : speakerId);
      await element.play();
    } catch {
      setFailed(true);
    }
  };

  return (
    <>
      <Button className="self-start" onClick={() => void play()}>
        <Volume2 aria-hidden size={20} strokeWidth={1.75} />
        Play a sound
      </Button>
      {/* biome-ignore lint/a11y/useMediaCaption: two notes without words */}
      <audio ref={player} className="hidden" />
      {failed ? <Notice tone="warn">{NOTICES.speaker}</Notice> : null}
    </>
  );
}

function chime(context: AudioContext): MediaStream {
  const out = context.createMediaStreamDestination();
  for (const [index, frequency] of NOTES_HZ.entries()) {
    const at = context.currentTime + 0.1 + index * NOTE_S;
    const note = context.createOscillator();
    const gain = context.createGain();
    note.frequency.value = frequency;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S);
    note.connect(gain).connect(out);
    note.start(at);
    note.stop(at + NOTE_S);
  }
  return out.stream;
}

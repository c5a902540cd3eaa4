import { ParticipantKind, type Room, type TextStreamReader } from 'livekit-client';
import { useEffect } from 'react';
import { readEnd, readSources, readStandIn, type SourcesMessage, TOPIC } from './messages';
import type { Speaker } from './transcript';

export type Caption = { id: string; speaker: Speaker; text: string; final: boolean };

type Handlers = {
  onCaption: (caption: Caption) => void;
  onSources: (message: SourcesMessage) => void;
  onStandIn: (standIn: boolean) => void;
  onEnd: (reason: string | null) => void;
};

type People = Pick<Room, 'localParticipant' | 'remoteParticipants'>;

/** How the worker names its agents: one that has just left is no longer among the participants. */
const ASSISTANT = 'assistant-';

/** Who sent a text, by what the call server says of them and never by what they say of themselves. */
export function speakerOf(room: People, identity: string): Speaker {
  if (identity === room.localParticipant.identity) return 'caller';
  const kind = room.remoteParticipants.get(identity)?.kind;
  const left = kind === undefined && identity.startsWith(ASSISTANT);
  return kind === ParticipantKind.AGENT || left ? 'assistant' : 'staff';
}

/**
 * Reads a stream to its end, or to where its sender left: LiveKit then fails the reader, which would otherwise be an
 * uncaught error of the page (and is one in `useTranscriptions`).
 */
export async function readStream(
  reader: AsyncIterable<string>,
  onText: (text: string, ended: boolean) => void,
): Promise<void> {
  let text = '';
  try {
    for await (const chunk of reader) {
      text += chunk;
      onText(text, false);
    }
  } catch {
    // What had arrived stays on the screen.
  }
  onText(text, true);
}

async function readWhole(reader: TextStreamReader): Promise<string> {
  return reader.readAll().catch(() => '');
}

export function useRoomTexts(room: Room, { onCaption, onSources, onStandIn, onEnd }: Handlers): void {
  useEffect(() => {
    room.registerTextStreamHandler(TOPIC.transcription, (reader, { identity }) => {
      const attributes = reader.info.attributes ?? {};
      const id = attributes['lk.segment_id'] ?? reader.info.id;
      const speaker = speakerOf(room, identity);
      // The caller's partial texts are streams of their own; the assistant's words are one stream.
      const closing = speaker === 'assistant' || attributes['lk.transcription_final'] === 'true';
      return readStream(reader, (text, ended) => onCaption({ id, speaker, text, final: ended && closing }));
    });
    // Only the assistant says where an answer comes from, whose it is, and that the call is over.
    room.registerTextStreamHandler(TOPIC.sources, async (reader, { identity }) => {
      if (speakerOf(room, identity) !== 'assistant') return;
      const message = readSources(await readWhole(reader));
      if (message) onSources(message);
    });
    room.registerTextStreamHandler(TOPIC.call, async (reader, { identity }) => {
      if (speakerOf(room, identity) !== 'assistant') return;
      const message = await readWhole(reader);
      const standIn = readStandIn(message);
      if (standIn !== null) onStandIn(standIn);
      const end = readEnd(message);
      if (end) onEnd(end.reason);
    });
    return () => {
      for (const topic of [TOPIC.transcription, TOPIC.sources, TOPIC.call])
        room.unregisterTextStreamHandler(topic);
    };
  }, [room, onCaption, onSources, onStandIn, onEnd]);
}

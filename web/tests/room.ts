import type { LocalTrackPublication, Room as RealRoom, TrackPublication } from 'livekit-client';

type FakeRoom = RealRoom & {
  /** What the page asked of the call server, in order. */
  readonly asked: string[];
  /** Lets `connect`, which waits for it, come to its end. */
  arrive: (error?: Error) => void;
  /** The caller's microphone ends by itself. */
  loseMicrophone: () => void;
};

/** The rooms that the page has made. */
export const rooms: FakeRoom[] = [];

/** For `vi.mock('livekit-client')`: its room without a call server; everything else of it is LiveKit's own. */
export function withoutServer(livekit: typeof import('livekit-client')): typeof livekit {
  const { ConnectionState, RoomEvent, Track } = livekit;

  class Room extends livekit.Room {
    readonly asked: string[] = [];
    arrive: FakeRoom['arrive'] = () => undefined;
    loseMicrophone = () => {
      const microphone = { source: Track.Source.Microphone } as TrackPublication;
      this.emit(RoomEvent.TrackMuted, microphone, this.localParticipant);
    };

    constructor(...options: ConstructorParameters<typeof RealRoom>) {
      super(...options);
      rooms.push(this);
      const become = (state: RealRoom['state']) => {
        this.state = state;
        this.emit(RoomEvent.ConnectionStateChanged, state);
      };
      this.connect = async () => {
        this.asked.push('connect');
        become(ConnectionState.Connecting);
        await new Promise<void>((arrived, failed) => {
          this.arrive = (error) => (error ? failed(error) : arrived());
        });
        become(ConnectionState.Connected);
        this.emit(RoomEvent.Connected);
      };
      this.disconnect = async () => {
        // As LiveKit has it: a room that is not being joined cannot be left.
        if (this.state === ConnectionState.Disconnected) return;
        this.asked.push('disconnect');
        const connecting = this.state === ConnectionState.Connecting;
        become(ConnectionState.Disconnected);
        if (connecting) this.arrive(new Error('Client initiated disconnect'));
      };
      this.localParticipant.publishTrack = async () => {
        this.asked.push('publish');
        return {} as LocalTrackPublication;
      };
    }
  }
  return { ...livekit, Room };
}

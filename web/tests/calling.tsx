import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { Suspense, useState } from 'react';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { CallPage } from '@/features/call/call-page';
import { IdentityContext } from '@/lib/identity';
import { CONFIG } from './config';
import { FakeLocks } from './locks';
import { FakeMicrophones } from './microphones';
import { rooms } from './room';
import { server } from './server';
import { MAYA, show } from './show';

const TOKEN = { server_url: 'ws://call.test', participant_token: 't', room_name: 'r', call_id: 'c1' };

/**
 * The call page with an API that answers at once but for the join token, which waits for the test, as the microphone
 * and the call server do. Called once by each test file, which has `tests/room.ts` stand in for LiveKit's server.
 */
export class Calling {
  microphones = new FakeMicrophones();
  locks = new FakeLocks();
  /** Each join token that was asked for; calling it gives it. */
  tokens: (() => void)[] = [];
  signOut: () => void = () => undefined;
  #readinessAsked = 0;

  constructor() {
    beforeEach(() => this.#prepare());
    afterEach(() => {
      this.microphones.unplug();
      vi.unstubAllGlobals();
      Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
    });
  }

  #prepare(): void {
    rooms.length = 0;
    this.tokens = [];
    this.locks = new FakeLocks();
    vi.stubGlobal('RTCPeerConnection', class {});
    Object.defineProperty(navigator, 'locks', { value: this.locks, configurable: true });
    server.use(
      http.get('*/api/config', () => HttpResponse.json(CONFIG)),
      http.get('*/readyz', () => {
        this.#readinessAsked += 1;
        return HttpResponse.json({ status: 'ready' });
      }),
      http.post('*/api/token', async () => {
        await new Promise<void>((given) => this.tokens.push(given));
        return HttpResponse.json(TOKEN, { status: 201 });
      }),
    );
  }

  #Page = () => {
    const [expired, setExpired] = useState(false);
    this.signOut = () => setExpired(true);
    return (
      <IdentityContext value={{ ...MAYA, expired }}>
        <Suspense>
          <CallPage earlier={null} onStage={() => undefined} />
        </Suspense>
      </IdentityContext>
    );
  };

  open(permission: PermissionState = 'granted') {
    const Page = this.#Page;
    this.microphones = new FakeMicrophones();
    this.microphones.plugIn(permission);
    return show(<Page />);
  }

  button = (name: string) => screen.findByRole<HTMLButtonElement>('button', { name });
  heading = (name: string | RegExp) => screen.findByRole('heading', { name });
  press = async (name: string) => {
    await waitFor(async () => expect((await this.button(name)).disabled).toBe(false));
    await userEvent.click(await this.button(name));
  };

  /** The button was pressed, the microphone is on, the token is on its way. */
  async begin() {
    const shown = this.open();
    await this.press('Talk to support');
    await this.microphones.answer();
    await waitFor(() => expect([this.tokens.length, this.microphones.on]).toEqual([1, 1]));
    return shown;
  }

  /** The token has come, the call server has not answered. */
  async connect() {
    this.tokens[0]?.();
    await waitFor(() => expect(this.asked).toEqual([['connect']]));
  }

  /** What was asked of the call server, for each room. */
  get asked(): string[][] {
    return rooms.map((room) => room.asked);
  }

  /** A later question of the page has its answer, and so have earlier ones. */
  async settled(way = 'Back to start') {
    const before = this.#readinessAsked;
    await this.press(way);
    await waitFor(() => expect(this.#readinessAsked).toBeGreaterThan(before));
    await this.heading(/support/);
  }
}

// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { server } from '../../../tests/server';
import { show } from '../../../tests/show';
import { CallRecord } from './call-record';

const turn = (number: number, speaker: string, mind: string) => ({
  number,
  speaker,
  text: `Sentence ${number}.`,
  heard: `Sentence ${number}.`,
  interrupted: false,
  sources: [],
  mind,
  started_at: new Date().toISOString(),
});

test('each turn of the assistant says quietly which mind spoke, and names a model only to who asks', async () => {
  const turns = [
    turn(1, 'assistant', 'app'),
    turn(2, 'caller', ''),
    turn(3, 'assistant', 'gpt-realtime'),
    turn(4, 'assistant', 'grounded'),
  ];
  const at = new Date().toISOString();
  server.use(
    http.get('*/api/me/calls/c1', () =>
      HttpResponse.json({ call_id: 'c1', started_at: at, ended_at: at, ticket: null, rating: null, turns }),
    ),
  );
  show(<CallRecord callId="c1" />);
  const said = within(await screen.findByRole('list', { name: 'What was said' })).getAllByRole('listitem');
  expect(said.map((line) => line.firstChild?.textContent)).toEqual([
    'Assistant · prepared words',
    'You',
    'Assistant · language model',
    'Assistant · without a language model',
  ]);
  expect(screen.getByText(/· language model/).title).toBe('gpt-realtime');
  expect(screen.queryByText(/gpt-realtime/)).toBeNull();
});

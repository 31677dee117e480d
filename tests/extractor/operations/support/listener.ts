import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Someone who listens to an incoming webhook. */
export interface Listener {
  /** As in SUPTASK_ALERT_WEBHOOK_URL. */
  url: string;
  /** What came, oldest first. */
  readonly heard: { key: string; event: string; text: string }[];
  /** What it answers from now on; with null, nothing at all. */
  answerWith(status: number | null): void;
  /** Is called with each message that it hears, before it answers. */
  onHeard: () => void;
  /** From now on it answers what it has heard no sooner than this. */
  answerAfter(moment: Promise<unknown>): void;
}

/** Starts to listen on this machine; ends with the test. */
export async function listen(): Promise<Listener> {
  const heard: Listener['heard'] = [];
  let status: number | null = 200;
  let moment: Promise<unknown> = Promise.resolve();
  const listener: Listener = {
    url: '',
    heard,
    answerWith: (changed) => (status = changed),
    onHeard: () => undefined,
    answerAfter: (changed) => void (moment = changed),
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (status === null) return;
      const answer = status;
      if (answer < 300) {
        heard.push(JSON.parse(body) as Listener['heard'][number]);
        listener.onHeard();
      }
      void moment.then(() => response.writeHead(answer).end(answer < 300 ? 'ok' : 'not now'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  listener.url = `http://127.0.0.1:${port}/services/T0/B0/canary-of-the-webhook`;
  return listener;
}

import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../../extractor/log.ts';
import { readBody } from '../../../extractor/serve/read-body.ts';
import type { Reply } from '../../../extractor/serve/reply.ts';
import { startServer, type ServerOptions } from '../../../extractor/serve/server.ts';

async function serverThat(answer: ServerOptions['answer']) {
  const log: string[] = [];
  const logger = createLog('error', (text) => text, { write: (text) => log.push(text) });
  const server = await startServer({ host: '127.0.0.1', port: 0, log: logger, answer, longestRequestMs: 1_000 });
  onTestFinished(() => server.end());
  return { url: server.url, port: Number(new URL(server.url).port), log };
}

/** What the server sends to whoever writes this and then nothing more, until it ends the connection. */
async function answerTo(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (part: string) => (received += part));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return received;
}

describe('a server', () => {
  it.each([
    ['its headers', 'POST / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
    ['its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nbegun'],
  ])('cuts off whoever never ends %s', async (_, text) => {
    const ends: unknown[] = [];
    const { port } = await serverThat(async (request): Promise<Reply> => {
      await readBody(request, 10_000).catch((thrown: unknown) => ends.push(thrown));
      return { status: 200, body: '' };
    });
    expect(await answerTo(port, text)).toMatch(/^HTTP\/1\.1 408 /);
    expect(ends.length).toBe(text.includes('begun') ? 1 : 0);
  });

  it('answers a body that it will not read, and takes nothing of it for another request', async () => {
    let asked = 0;
    const { port } = await serverThat(async () => ({ status: 401, body: `refused ${(asked += 1)}` }));
    const inside = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    const received = await answerTo(port, `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n${inside}`);
    expect(received).toMatch(/^HTTP\/1\.1 401 [\s\S]*Connection: close[\s\S]*refused 1$/);
    expect(asked).toBe(1);
  });

  it('answers a defect with a word of it, and tells the log the rest', async () => {
    const { url, log } = await serverThat(() => Promise.reject(new Error('the rest')));
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('the rest')]);
    expect(log.join()).toContain('the rest');
  });
});

import type { IncomingMessage } from 'node:http';

/** A body that is larger than its bound. It is read no further; `begun` is what had come of it. */
export class BodyTooLarge extends Error {
  readonly begun: Buffer;

  constructor(mostBytes: number, begun: Buffer) {
    super(`The body is larger than ${mostBytes} bytes.`);
    this.name = 'BodyTooLarge';
    this.begun = begun;
  }
}

/**
 * The body of a request, of at most so many bytes.
 * @throws BodyTooLarge where it is larger, and the connection's error where it was cut off
 */
export async function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Left to itself the loop would end the connection before the answer has been sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw new BodyTooLarge(mostBytes, Buffer.concat(chunks));
  }
  return Buffer.concat(chunks);
}

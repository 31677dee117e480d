import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SuptaskError } from '../errors.ts';
import type { Log } from '../log.ts';
import { refusal, type Reply } from './reply.ts';

/** Whoever sends slower than this is cut off: nobody holds a connection by dripping bytes into it. */
const LONGEST_HEADERS_MS = 5_000;
const LONGEST_REQUEST_MS = 10_000;
const CHECK_EVERY_MS = 1_000;

/** More connections than this are turned away. With the bound of a body it bounds the memory. */
const MOST_CONNECTIONS = 500;

/** How long requests under way may go on once the server is told to end. */
const END_GRACE_MS = 1_000;

export interface ServerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  log: Log;
  answer: (request: IncomingMessage) => Promise<Reply>;
  longestRequestMs?: number;
}

export interface RunningServer {
  /** Scheme, host and port. */
  readonly url: string;
  /** Takes no new request, lets those under way end for a second, and then cuts them off. */
  end(): Promise<void>;
}

/**
 * Starts an HTTP server.
 * @throws SuptaskError `usage.invalid` where host and port cannot be had
 */
export async function startServer({ host, port, log, answer, longestRequestMs = LONGEST_REQUEST_MS }: ServerOptions): Promise<RunningServer> {
  const timeouts = {
    headersTimeout: Math.min(LONGEST_HEADERS_MS, longestRequestMs),
    requestTimeout: longestRequestMs,
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, longestRequestMs),
  };
  const server = createServer(timeouts, (request, response) => void respond(request, response, answer, log));
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
    end: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        setTimeout(() => server.closeAllConnections(), END_GRACE_MS).unref();
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = `${host}, port ${port}, cannot be listened on (${cause.message}).`;
      reject(new SuptaskError('usage.invalid', message, 'Name another with --host and --port; --port 0 takes any free one.', { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: ServerOptions['answer'], log: Log): Promise<void> {
  // An error of the connection is told to whoever reads the body; nobody may be reading.
  request.on('error', () => undefined);
  const { status, body, headers } = await answer(request).catch((thrown: unknown): Reply => {
    log.error({ err: thrown }, 'A request could not be answered.');
    return refusal(500, 'defect', 'Something went wrong that should not have; the log of this process says more.');
  });
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  // What was not read of a request would be taken for the next one.
  const unread = request.complete ? {} : { Connection: 'close' };
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-store', ...unread, ...headers });
  response.end(text);
}

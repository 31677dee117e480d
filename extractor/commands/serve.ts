import { Command, InvalidArgumentError } from 'commander';
import type { Settings } from '../config.ts';
import { exitCodes, SuptaskError } from '../errors.ts';
import { formatCount } from '../output/format.ts';
import { type Receiver, startReceiver } from '../serve/receiver.ts';
import { SECRET_HEADER, WEBHOOK_PATH } from '../serve/router.ts';
import { interruption, settingsFromEnvironment } from '../session.ts';

/** What is not yet part of the log by then lies in the journal, which the next process takes up. */
const END_WITHIN_MS = 1_800;

interface ServeOptions {
  host: string;
  port: number;
  withoutSecret?: true;
  json?: true;
}

const EXAMPLES = `
SUPTASK_WEBHOOK_SECRET is what a sender has to know, in the header ${SECRET_HEADER} or as the end of
the path. With SUPTASK_SERVE_TOKEN, callers may test the connection, sync and ask for the status.
A sync by schedule goes on beside it: what was delivered is confirmed by a read within a day.

Examples:
  $ suptask serve                         for this machine; a proxy before it does https
  $ suptask serve --host 0.0.0.0          for the network
  $ suptask serve --port 0 --json         at any free port`;

/** `suptask serve`: receives webhooks until it is told to end. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('receive webhooks, and answer /healthz, /metrics and callers over HTTP')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on, 0 for any free one', portNumber, 8788)
    .option('--without-secret', 'take deliveries from anyone who can reach it')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServeOptions) => {
      const settings = settingsFromEnvironment();
      requireSecret(settings, options.withoutSecret === true);
      const stop = interruption();
      const receiver = await startReceiver(settings, options);
      process.stdout.write(options.json ? `${JSON.stringify({ url: receiver.url, pid: process.pid })}\n` : `${describeStart(receiver, settings)}\n`);
      await untilAborted(stop);
      await endInTime(receiver);
      if (!options.json) process.stdout.write(`${describeEnd(receiver)}\n`);
    });
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return Number(text);
}

function requireSecret({ webhookSecret }: Settings, withoutSecret: boolean): void {
  if (webhookSecret && withoutSecret) {
    throw new SuptaskError('usage.invalid', 'SUPTASK_WEBHOOK_SECRET is set, and --without-secret asks for none.', 'Take away one of them.');
  }
  if (webhookSecret || withoutSecret) return;
  throw new SuptaskError(
    'configuration.missing',
    'There is no secret by which deliveries could be told from anyone else’s: SUPTASK_WEBHOOK_SECRET is not set.',
    'Make one (openssl rand -hex 24), put it into the environment or into .env, and into the address that you give SupTask; or say --without-secret.',
  );
}

function describeStart({ url }: Receiver, { webhookSecret, serveToken, landing }: Settings): string {
  return [
    `Receiving webhooks at ${url}${WEBHOOK_PATH}, landed in ${'folder' in landing ? landing.folder : landing.shown}`,
    webhookSecret
      ? `  the secret comes in the header ${SECRET_HEADER}, or ends the path: ${WEBHOOK_PATH}/<secret>`
      : '  without a secret: whoever can reach this address can deliver',
    `  ${url}/healthz and ${url}/metrics`,
    ...(serveToken ? [`  ${url}/api/suptask/… for callers with the bearer token`] : []),
    'Ctrl-C ends it.',
  ].join('\n');
}

function describeEnd({ deliveries }: Receiver): string {
  const { landed, ...others } = deliveries;
  const refused = Object.values(others).reduce((sum, count) => sum + count, 0);
  return `${formatCount(landed)} deliveries landed, ${formatCount(refused)} others.`;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function endInTime(receiver: Receiver): Promise<void> {
  const late = setTimeout(() => process.exit(exitCodes.done), END_WITHIN_MS);
  await receiver.end();
  clearTimeout(late);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { type AlertChannels, withoutTokens } from '../../config.ts';
import type { Redact } from '../../secret.ts';
import { excerpt } from '../../suptask/interpret.ts';

/** What is told of an alert. */
export interface AlertMessage {
  workspace: string;
  key: string;
  event: 'opened' | 'closed';
  text: string;
}

/** A way to tell someone. Resolves with why it did not work, or null where it did; never throws. */
export interface Channel {
  name: 'webhook' | 'command';
  send(message: AlertMessage): Promise<string | null>;
}

/** Nobody waits longer for a channel than this, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** More of what a channel says nobody listens to. Less of it is kept, and cut where no half of a secret can be left. */
const MOST_CHARACTERS = 10_000;

/** The channels that are configured. */
export function channelsOf({ webhookUrl, command }: AlertChannels, redact: Redact, environment: NodeJS.ProcessEnv): Channel[] {
  const told = async (work: () => Promise<unknown>) =>
    work().then(
      () => null,
      (thrown: unknown) => excerpt(thrown instanceof Error ? thrown.message : String(thrown), redact),
    );
  return [
    ...(webhookUrl === null ? [] : [{ name: 'webhook' as const, send: (message: AlertMessage) => told(() => post(webhookUrl.reveal(), message)) }]),
    ...(command === null ? [] : [{ name: 'command' as const, send: (message: AlertMessage) => told(() => run(command, message, environment)) }]),
  ];
}

/** Slack takes `{"text": …}`, and so does what calls itself compatible; the rest is for others. */
async function post(url: string, message: AlertMessage): Promise<void> {
  const { request } = await import('undici');
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  let said = '';
  // Whoever goes on and on is not heard to the end.
  for await (const text of body.setEncoding('utf8')) if ((said += text).length > MOST_CHARACTERS) break;
  if (statusCode < 200 || statusCode > 299) throw new Error(`HTTP ${statusCode} ${said}`);
}

/**
 * The command is given the message as JSON on its standard input, and an environment without tokens. It has a
 * process group of its own: when its time is over, whatever it has started ends with it.
 */
async function run(command: string, message: AlertMessage, environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, { shell: true, env: withoutTokens(environment), stdio: ['pipe', 'ignore', 'pipe'], detached: true, windowsHide: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(0, MOST_CHARACTERS)));
  // A command that does not read what it is given is well all the same.
  child.stdin.on('error', () => undefined).end(`${JSON.stringify(message)}\n`);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const late = setTimeout(() => {
    killGroup(child);
    reject(new Error(`it was ended after ${TIMEOUT_MS / 1000} seconds: ${said.trim()}`));
  }, TIMEOUT_MS);
  child.once('error', reject);
  // One that was well may leave something running, which may keep the pipe open.
  child.once('exit', (code) => code === 0 && resolve());
  child.once('close', (code) => reject(new Error(`it ended with ${code ?? 'a signal'}: ${said.trim()}`)));
  try {
    await promise;
  } finally {
    clearTimeout(late);
    child.unref();
    if (child.stderr instanceof Socket) child.stderr.unref();
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

import { CommanderError } from 'commander';
import { systemClock } from '../clock.ts';
import { passwordsIn, readSettings, secretsOf } from '../config.ts';
import { exitCodes, type SuptaskError, toSuptaskError } from '../errors.ts';
import { createLog, type LogStream } from '../log.ts';
import { openLanding } from '../landing/open.ts';
import type { Landing } from '../landing/landing.ts';
import { createRedactor, type Redact, type Secret } from '../secret.ts';

/** Longer than this nobody waits for the operator's detail to be landed. */
const LAND_WITHIN_MS = 5_000;

/** Failures of which the landing can know nothing, and answers that are none. */
const NEVER_LANDED = /^(?:landing|configuration|usage|identities)\./;

/**
 * The one place where a failure becomes words: what happened, what to do and the correlation id
 * go to the standard error stream, to a person on a terminal, else as a line of the log (and, with
 * --json, as JSON to standard output as well); the operator's detail is landed in `error_events`.
 * Sets the exit code and never throws.
 */
export async function endWithError(thrown: unknown, json: boolean, stream: LogStream = process.stderr): Promise<void> {
  if (thrown instanceof CommanderError) {
    // Commander has said what is wrong itself.
    process.exitCode = thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return;
  }
  const error = toSuptaskError(thrown);
  const redact = createRedactor(knownSecrets());
  const landed = await landWhereItCan(error, redact).catch(() => false);
  const told = { code: error.code, message: redact(error.message), remedy: redact(error.remedy), correlationId: error.correlationId };
  if (json) process.stdout.write(`${JSON.stringify({ error: told })}\n`);
  if (stream.isTTY) {
    const where = landed ? `Detail: suptask errors show ${error.correlationId}` : `Correlation id ${error.correlationId}${redact(forPeople(error))}`;
    stream.write(`Error: ${told.message}\nTo do: ${told.remedy}\n${where}\n`);
  } else {
    const { message, ...fields } = told;
    createLog('error', redact, stream).error({ ...fields, ...(landed ? {} : shownDetail(error)) }, message);
  }
  process.exitCode = error.exitCode;
}

/** Lands the operator's detail of a failure under its correlation id. */
export async function landErrorEvent(landing: Pick<Landing, 'append'>, error: SuptaskError, redact: Redact, atMs: number): Promise<void> {
  const row = {
    correlation_id: error.correlationId,
    at: new Date(atMs),
    code: error.code,
    message: redact(error.message),
    detail: redact(JSON.stringify({ remedy: error.remedy, ...operatorDetail(error) })),
  };
  await landing.append('error_events', [row]);
}

/** The settings may be what is wrong: then their secrets are taken from the environment as it stands. */
function knownSecrets(): Secret[] {
  const ofEnvironment = [...secretsOf(process.env), ...process.argv.flatMap(passwordsIn)];
  try {
    return [...ofEnvironment, ...readSettings(process.env).secrets];
  } catch {
    return ofEnvironment;
  }
}

async function landWhereItCan(error: SuptaskError, redact: Redact): Promise<boolean> {
  if (NEVER_LANDED.test(error.code)) return false;
  const landing = await openLanding(readSettings(process.env), systemClock);
  try {
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), LAND_WITHIN_MS).unref());
    return await Promise.race([landErrorEvent(landing, error, redact, systemClock.now()).then(() => true), late]);
  } finally {
    await landing.close();
  }
}

/** What the operator may want to know: the detail that came with the failure, and what caused it, stack by stack. */
function operatorDetail(error: SuptaskError): Record<string, unknown> {
  return { ...error.detail, causes: causesOf(error), stack: error.stack };
}

/** What is shown where the detail could not be landed: a stack helps with our own defects alone. */
function shownDetail(error: SuptaskError): Record<string, unknown> {
  if (error.code === 'defect') return operatorDetail(error);
  return { ...error.detail, causes: shownCauses(error) };
}

function causesOf(error: SuptaskError, told = ({ stack, message }: Error) => stack ?? message): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(told(cause));
  return causes;
}

function shownCauses(error: SuptaskError): string[] {
  return error.code === 'defect' ? causesOf(error) : causesOf(error, ({ message }) => message);
}

function forPeople(error: SuptaskError): string {
  return shownCauses(error).map((cause) => `\ncaused by ${cause}`).join('');
}

import { CommanderError } from 'commander';
import { systemClock } from '../clock.ts';
import { passwordsIn, readSettings } from '../config.ts';
import { exitCodes, type SuptaskError, toSuptaskError } from '../errors.ts';
import { openLanding } from '../landing/open.ts';
import { createRedactor, Secret } from '../secret.ts';

/** Longer than this nobody waits for the operator's detail to be landed. */
const LAND_WITHIN_MS = 5_000;

/**
 * The one place where a failure becomes words: what happened, what to do and the correlation id
 * go to the standard error stream (or, with --json, as JSON to standard output as well); the
 * operator's detail is landed in `error_events`. Sets the exit code and never throws.
 */
export async function endWithError(thrown: unknown, json: boolean): Promise<void> {
  if (thrown instanceof CommanderError) {
    // Commander has said what is wrong itself.
    process.exitCode = thrown.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return;
  }
  const error = toSuptaskError(thrown);
  const redact = createRedactor(secretsOfEnvironment());
  const message = redact(error.message);
  const landed = await landErrorEvent(error, redact).catch(() => false);
  const detail = landed ? `Detail: error_events, correlation id ${error.correlationId}` : redact(operatorDetail(error));
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: error.code, message, remedy: error.remedy, correlationId: error.correlationId } })}\n`);
  process.stderr.write(`Error: ${message}\nTo do: ${error.remedy}\n${detail}\n`);
  process.exitCode = error.exitCode;
}

/** The settings may be what is wrong, so the token is taken from the environment as it stands. */
function secretsOfEnvironment(): Secret[] {
  const { SUPTASK_API_TOKEN: token = '', SUPTASK_LANDING: landing = '' } = process.env;
  return [new Secret(token.trim()), ...passwordsIn(landing)];
}

async function landErrorEvent(error: SuptaskError, redact: (text: string) => string): Promise<boolean> {
  if (error.code.startsWith('landing.') || error.code.startsWith('configuration.') || error.code === 'usage.invalid') return false;
  const landing = await openLanding(readSettings(process.env), systemClock);
  try {
    const row = {
      correlation_id: error.correlationId,
      at: new Date(systemClock.now()),
      code: error.code,
      message: redact(error.message),
      detail: JSON.stringify({ stack: redact(operatorDetail(error)) }),
    };
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), LAND_WITHIN_MS).unref());
    return await Promise.race([landing.append('error_events', [row]).then(() => true), late]);
  } finally {
    await landing.close();
  }
}

function operatorDetail(error: SuptaskError): string {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.stack ?? cause.message);
  return causes.length === 0 ? `Correlation id ${error.correlationId}` : `Correlation id ${error.correlationId}\n${causes.join('\ncaused by ')}`;
}

import { SuptaskError } from '../errors.ts';
import { SCHEMA } from './postgres-schema.ts';

/** What the server says by SQLSTATE, where a person can do something about it. */
const REMEDIES: [pattern: RegExp, remedy: string][] = [
  [/^53100/, "The server's disk is full: free some space there; the next run goes on where this one ended."],
  [/^25006/, 'The database is read-only: point SUPTASK_LANDING at the one that takes writes.'],
  [/^(42501|28)/, `Give this user the right to create and write the schema ${SCHEMA}; then run the command again.`],
];

/** The connection is gone, or the server is: 08 a lost connection, 57P shut down or starting, 53300 too many connections. */
const UNREACHABLE = /^(08|57P|53300)/;

/** A failure to reach the server or to read from it. */
export function unreachable(shown: string, thrown: unknown): SuptaskError {
  if (thrown instanceof SuptaskError) return thrown;
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  const why = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : cause.message;
  return new SuptaskError(
    'landing.unreachable',
    `PostgreSQL at ${shown} cannot be reached or refused the connection: ${why}`,
    'Check that the server runs, and the host, port, user and password in SUPTASK_LANDING; the next run goes on where this one ended.',
    { cause },
  );
}

/** A failure to write: of the connection, or of the rows. */
export function notWritable(shown: string, thrown: unknown, batchId?: string): SuptaskError {
  if (thrown instanceof SuptaskError) return thrown;
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  const sqlState = 'severity' in cause && 'code' in cause ? String(cause.code) : null;
  if (sqlState === null || UNREACHABLE.test(sqlState)) return unreachable(shown, thrown);
  const remedy = REMEDIES.find(([pattern]) => pattern.test(sqlState))?.[1] ?? `Ask the server's log what ${sqlState} is about; then run the command again.`;
  return new SuptaskError(
    'landing.not_writable',
    `PostgreSQL at ${shown} did not take the rows: ${cause.message}${batchId ? ` (batch ${batchId})` : ''}`,
    remedy,
    { cause },
  );
}

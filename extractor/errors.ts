import { randomUUID } from 'node:crypto';

/** What the process says to its scheduler when it ends. */
export const exitCodes = {
  done: 0,
  defect: 1,
  usage: 2,
  configuration: 3,
  refused: 4,
  sourceUnreachable: 5,
  leaseHeld: 6,
  failuresQueued: 7,
  storageUnreachable: 8,
  checkSaysNo: 9,
} as const;

/** Every code an error can have, with the exit code it ends the process with. */
export const errorCodes = {
  defect: exitCodes.defect,
  'usage.invalid': exitCodes.usage,
  'configuration.missing': exitCodes.configuration,
  'configuration.invalid': exitCodes.configuration,
  'source.unauthorized': exitCodes.refused,
  'source.scheme_refused': exitCodes.refused,
  'source.unreachable': exitCodes.sourceUnreachable,
  'source.failing': exitCodes.sourceUnreachable,
  'lease.held': exitCodes.leaseHeld,
  'lease.lost': exitCodes.storageUnreachable,
  'landing.not_writable': exitCodes.storageUnreachable,
  'landing.unreachable': exitCodes.storageUnreachable,
  'warehouse.build_failed': exitCodes.storageUnreachable,
  'marts.not_published': exitCodes.configuration,
  'check.failed': exitCodes.checkSaysNo,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * A failure that a person can act on: what happened, what to do, and the id under which
 * the operator's detail stands in `error_events`.
 */
export class SuptaskError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly correlationId: string;

  constructor(code: ErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SuptaskError';
    this.code = code;
    this.remedy = remedy;
    this.correlationId = randomUUID();
  }

  get exitCode(): number {
    return errorCodes[this.code];
  }
}

/** Anything thrown, as an error with the three parts: what is not ours to explain is a defect. */
export function toSuptaskError(thrown: unknown): SuptaskError {
  if (thrown instanceof SuptaskError) return thrown;
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new SuptaskError(
    'defect',
    `Something went wrong that should not have: ${cause.message}`,
    'Nothing that was landed is lost; run the command again. If it happens again, report it with the detail below.',
    { cause },
  );
}

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

/** What an operator is told of a code before anything of the kind has happened. */
interface CodeOfError {
  exitCode: number;
  /** What has happened when an error has this code. */
  means: string;
  /** What to do about it in general; the error itself says it of the case at hand. */
  remedy: string;
}

/** Every code an error can have. docs/errors.md is made of this table. */
export const errorCodes = {
  defect: {
    exitCode: exitCodes.defect,
    means: 'Something went wrong that nobody had foreseen.',
    remedy: 'Run the command again: nothing that was landed is lost. If it happens again, report it with what `suptask errors show ID` says.',
  },
  'usage.invalid': {
    exitCode: exitCodes.usage,
    means: 'The command line asks for something that cannot be.',
    remedy: 'Read what `suptask COMMAND --help` says.',
  },
  'configuration.missing': {
    exitCode: exitCodes.configuration,
    means: 'A setting or a program that the command needs is not there.',
    remedy: 'Set what is named, in the environment or in .env; for a program run `npm run prepare`.',
  },
  'configuration.invalid': {
    exitCode: exitCodes.configuration,
    means: 'A setting has a value that cannot be.',
    remedy: 'Correct what is named; .env.example shows each setting.',
  },
  'source.unauthorized': {
    exitCode: exitCodes.refused,
    means: 'SupTask does not accept the token.',
    remedy: 'Make a new token and put it where the old one was; the runbook says how to rotate it.',
  },
  'source.scheme_refused': {
    exitCode: exitCodes.refused,
    means: 'SupTask does not understand how the token is sent.',
    remedy: 'Set SUPTASK_API_AUTH_SCHEME to the kind of token you have: api_token or bearer.',
  },
  'source.unreachable': {
    exitCode: exitCodes.sourceUnreachable,
    means: 'No answer comes from SupTask.',
    remedy: 'Check the network, any proxy and SUPTASK_API_BASE_URL; the next run goes on where this one ended.',
  },
  'source.failing': {
    exitCode: exitCodes.sourceUnreachable,
    means: 'SupTask answers every read with an error of its own.',
    remedy: 'Wait: the next run goes on where this one ended. If it lasts, ask SupTask.',
  },
  'lease.held': {
    exitCode: exitCodes.leaseHeld,
    means: 'Another run is under way on the same landing log.',
    remedy: 'Wait until it has ended, or stop it; a run that died holds nothing.',
  },
  'lease.lost': {
    exitCode: exitCodes.storageUnreachable,
    means: 'A run could no longer be sure of being the only one, and ended.',
    remedy: 'Check the landing folder or the database; the next run goes on where this one ended.',
  },
  'landing.not_writable': {
    exitCode: exitCodes.storageUnreachable,
    means: 'The landing log does not take rows: no right, no space, a disk that fails.',
    remedy: 'Give the right or the space; the next run goes on where this one ended.',
  },
  'landing.unreachable': {
    exitCode: exitCodes.storageUnreachable,
    means: 'The landing log cannot be read, or its database not be reached.',
    remedy: 'Check that the server runs, and SUPTASK_LANDING; for a folder, that its files are whole.',
  },
  'webhook.unreadable': {
    exitCode: exitCodes.usage,
    means: 'A webhook delivered something that is no ticket, or is too large. It ends no command.',
    remedy: 'See what was sent with `suptask errors show ID`, and check who sends to that address.',
  },
  'warehouse.build_failed': {
    exitCode: exitCodes.storageUnreachable,
    means: 'dbt did not build or a test of the marts failed. Published marts stay as they were.',
    remedy: 'Correct what dbt names, then `npm run dbt -- build`.',
  },
  'warehouse.unreachable': {
    exitCode: exitCodes.storageUnreachable,
    means: 'The warehouse that dbt builds in cannot be reached or not be written.',
    remedy: 'Check DBT_TARGET, SUPTASK_DUCKDB or PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE, and the rights of that user.',
  },
  'marts.not_published': {
    exitCode: exitCodes.configuration,
    means: 'A mart is asked for that no build has published.',
    remedy: 'Run `npm run dbt -- build`, and check SUPTASK_EXPORTS.',
  },
  'marts.unreachable': {
    exitCode: exitCodes.storageUnreachable,
    means: 'The published marts cannot be read, or their database not be reached.',
    remedy: 'Check that the server runs, and the PG… settings; for SUPTASK_EXPORTS, that its files are whole.',
  },
  'identities.refused': {
    exitCode: exitCodes.checkSaysNo,
    means: 'A decision on a person contradicts what is known or was decided before. Nothing was landed.',
    remedy: 'Look at the facts that are named; `--replace` decides against them.',
  },
  'check.failed': {
    exitCode: exitCodes.checkSaysNo,
    means: 'A check looked and says no.',
    remedy: 'Do what the check says, then run it again.',
  },
} as const satisfies Record<string, CodeOfError>;

export type ErrorCode = keyof typeof errorCodes;

/** What the operator may want to know beside the cause: the request, the head of the answer. */
export type ErrorDetail = Readonly<Record<string, unknown>>;

/**
 * A failure that a person can act on: what happened, what to do, and the id under which
 * the operator's detail stands in `error_events`.
 */
export class SuptaskError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly correlationId: string;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, remedy: string, options?: { cause?: unknown; detail?: ErrorDetail }) {
    super(message, options);
    this.name = 'SuptaskError';
    this.code = code;
    this.remedy = remedy;
    this.correlationId = randomUUID();
    this.detail = options?.detail ?? {};
  }

  get exitCode(): number {
    return errorCodes[this.code].exitCode;
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

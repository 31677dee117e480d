/**
 * The streams of the landing log: what a row of each is, its columns and their types.
 * This is the one place that defines them; the Parquet schema, the PostgreSQL tables and the
 * row types are derived from it, and a test holds the dbt sources equal to it.
 */
export type ColumnType = 'string' | 'body' | 'bigint' | 'integer' | 'boolean' | 'timestamp';

interface Column {
  readonly type: ColumnType;
  readonly nullable?: true;
}

interface Stream {
  /** The column by which every reader counts a row once. */
  readonly id: string;
  readonly columns: Readonly<Record<string, Column>>;
}

/** Every stream also has these: the connection it came through and the batch it was landed in. */
const landingColumns = {
  workspace: { type: 'string' },
  batch_id: { type: 'string' },
  landed_at: { type: 'timestamp' },
} as const satisfies Record<string, Column>;

export const streams = {
  /** One read of one number, or one ticket delivered by webhook. */
  ticket_fetches: {
    id: 'fetch_id',
    columns: {
      fetch_id: { type: 'string' },
      run_id: { type: 'string', nullable: true },
      ticket_number: { type: 'bigint' },
      channel: { type: 'string' },
      outcome: { type: 'string' },
      http_status: { type: 'integer', nullable: true },
      observed_at: { type: 'timestamp' },
      observed_basis: { type: 'string' },
      fetched_at: { type: 'timestamp' },
      duration_ms: { type: 'integer' },
      attempt: { type: 'integer' },
      team_id: { type: 'string', nullable: true },
      ticket_status: { type: 'string', nullable: true },
      ticket_updated_at: { type: 'timestamp', nullable: true },
      payload_hash: { type: 'string', nullable: true },
      payload: { type: 'body', nullable: true },
      error: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** One step in the life of a run: started, finished, failed, abandoned. */
  sync_runs: {
    id: 'event_id',
    columns: {
      event_id: { type: 'string' },
      run_id: { type: 'string' },
      event: { type: 'string' },
      at: { type: 'timestamp' },
      kind: { type: 'string' },
      host: { type: 'string' },
      pid: { type: 'integer' },
      counts: { type: 'string', nullable: true },
      error: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** An operator asked: read this range, retry this number now. */
  operator_requests: {
    id: 'request_id',
    columns: {
      request_id: { type: 'string' },
      at: { type: 'timestamp' },
      kind: { type: 'string' },
      arguments: { type: 'string' },
      by: { type: 'string' },
      ...landingColumns,
    },
  },
  /** One decision of a person: this external id is that staff member, or no longer is. */
  identity_mappings: {
    id: 'mapping_id',
    columns: {
      mapping_id: { type: 'string' },
      replaces_mapping_id: { type: 'string', nullable: true },
      at: { type: 'timestamp' },
      source: { type: 'string' },
      external_id: { type: 'string' },
      entity_type: { type: 'string' },
      entity_id: { type: 'string', nullable: true },
      decided_by: { type: 'string' },
      reason: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** One connection test, heartbeat or diagnostic scenario. */
  connection_checks: {
    id: 'check_id',
    columns: {
      check_id: { type: 'string' },
      correlation_id: { type: 'string' },
      kind: { type: 'string' },
      scenario: { type: 'string' },
      at: { type: 'timestamp' },
      ok: { type: 'boolean' },
      latency_ms: { type: 'integer', nullable: true },
      code: { type: 'string', nullable: true },
      evidence: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** One failure with the operator's detail. */
  error_events: {
    id: 'correlation_id',
    columns: {
      correlation_id: { type: 'string' },
      at: { type: 'timestamp' },
      code: { type: 'string' },
      message: { type: 'string' },
      detail: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** One attempt to tell someone that an alert has opened or closed. */
  alert_deliveries: {
    id: 'delivery_id',
    columns: {
      delivery_id: { type: 'string' },
      alert_key: { type: 'string' },
      opened_at: { type: 'timestamp' },
      event: { type: 'string' },
      at: { type: 'timestamp' },
      channel: { type: 'string' },
      ok: { type: 'boolean' },
      message: { type: 'string' },
      error: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** Someone saw an alert and takes care of it. */
  alert_acknowledgements: {
    id: 'ack_id',
    columns: {
      ack_id: { type: 'string' },
      alert_key: { type: 'string' },
      opened_at: { type: 'timestamp' },
      at: { type: 'timestamp' },
      by: { type: 'string' },
      note: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
  /** A person was forgotten: so many rows that carried them were rewritten. */
  redactions: {
    id: 'redaction_id',
    columns: {
      redaction_id: { type: 'string' },
      at: { type: 'timestamp' },
      external_id_hash: { type: 'string' },
      rows: { type: 'bigint' },
      by: { type: 'string' },
      reason: { type: 'string', nullable: true },
      ...landingColumns,
    },
  },
} as const satisfies Record<string, Stream>;

export type StreamName = keyof typeof streams;

interface Values {
  string: string;
  /** A text like any other; as it came, in the bytes of its UTF-8, it need not be made into one and back. */
  body: string | Buffer;
  bigint: number;
  integer: number;
  boolean: boolean;
  timestamp: Date;
}

type Columns<Name extends StreamName> = (typeof streams)[Name]['columns'];

type Value<C> = C extends { type: infer T extends ColumnType; nullable: true }
  ? Values[T] | null
  : C extends { type: infer T extends ColumnType }
    ? Values[T]
    : never;

/** A row as it stands in the log. The day it was landed on is the folder, or a column in PostgreSQL. */
export type LandedRow<Name extends StreamName> = {
  -readonly [Key in keyof Columns<Name>]: Value<Columns<Name>[Key]>;
};

/** A row as it is handed to the landing, which adds the workspace, the batch and its time. */
export type Row<Name extends StreamName> = Omit<LandedRow<Name>, keyof typeof landingColumns>;

/** What became of one read. */
export type Outcome =
  | 'found'
  | 'unchanged'
  | 'not_found'
  | 'forbidden'
  | 'server_error'
  | 'timeout'
  | 'network_error'
  | 'invalid_payload'
  | 'rate_limited'
  | 'unauthorized';

export function isText(type: ColumnType | undefined): type is 'string' | 'body' {
  return type === 'string' || type === 'body';
}

/** The columns of a stream that hold text, but for its id. */
export function textColumnsOf(name: StreamName): string[] {
  return columnsOf(name).filter(([column, { type }]) => isText(type) && column !== streams[name].id).map(([column]) => column);
}

/** The columns of a stream in their order, for those who write or read it by position. */
export function columnsOf(name: StreamName): ReadonlyArray<readonly [string, Column]> {
  return Object.entries(streams[name].columns);
}

import pg from 'pg';
import type { Settings } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import { openPublishedMarts } from './published-marts.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** The share of requesters that the newest build knows, and the one that is asked for, 0 to 1. */
export interface Resolution {
  share: number;
  minimumShare: number;
}

/**
 * What the mart `sync_health` says of the resolution of requesters in this workspace: null where no
 * build has published it, where there are too few tickets to judge by, or where it cannot be read;
 * whoever looks after the sync is not to be kept from it by a warehouse that is down.
 */
export async function readResolution(settings: Settings, environment: NodeJS.ProcessEnv): Promise<Resolution | null> {
  const rows = await (environment['DBT_TARGET'] === 'postgres' ? fromPostgres(settings, environment) : fromFiles(settings));
  const [row] = rows;
  return row && row[0] !== null && row[0] !== undefined ? { share: Number(row[0]), minimumShare: Number(row[1]) } : null;
}

const COLUMNS = 'requester_resolution_share, requester_resolution_minimum_share';

async function fromFiles({ exports, workspace }: Settings): Promise<unknown[][]> {
  try {
    // A workspace's name holds no quote.
    return await openPublishedMarts(exports).query(`select ${COLUMNS} from {sync_health} where workspace = '${workspace}'`);
  } catch (thrown) {
    if (thrown instanceof SuptaskError) return [];
    throw thrown;
  }
}

async function fromPostgres({ workspace }: Settings, environment: NodeJS.ProcessEnv): Promise<unknown[][]> {
  const { PGHOST: host = 'localhost', PGPORT: port = '5432', PGUSER: user = 'postgres', PGPASSWORD: password, PGDATABASE: database = 'suptask' } = environment;
  const client = new pg.Client({ host, port: Number(port), user, password, database, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, application_name: 'suptask' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<unknown[]>({ text: `select ${COLUMNS} from suptask.sync_health where workspace = $1`, values: [workspace], rowMode: 'array' })).rows;
  } catch {
    return [];
  } finally {
    await client.end();
  }
}

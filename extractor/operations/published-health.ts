import type { Settings } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import { martsAt } from './published-marts.ts';

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
export async function readResolution({ marts, workspace }: Settings): Promise<Resolution | null> {
  try {
    const [row] = await martsAt(marts).query(
      'select requester_resolution_share, requester_resolution_minimum_share from {sync_health} where workspace = $1',
      [workspace],
    );
    return row && row[0] !== null ? { share: Number(row[0]), minimumShare: Number(row[1]) } : null;
  } catch (thrown) {
    if (thrown instanceof SuptaskError) return null;
    throw thrown;
  }
}

import type { Clock } from '../clock.ts';
import type { LandingAddress, Settings } from '../config.ts';
import { createLanding, type Landing, type LandingStore } from './landing.ts';

/** Opens a place that keeps a landing log. Only the kind in use is loaded. */
export async function openStore(address: LandingAddress): Promise<LandingStore> {
  if (address.kind === 'parquet') {
    const { openParquetStore } = await import('./parquet-store.ts');
    return openParquetStore(address.folder);
  }
  const { openPostgresStore } = await import('./postgres-store.ts');
  return openPostgresStore(address.url, address.shown);
}

/** Opens the landing that the settings name, as their workspace sees it. */
export async function openLanding({ landing, workspace }: Settings, clock: Clock): Promise<Landing> {
  return createLanding(await openStore(landing), workspace, clock);
}

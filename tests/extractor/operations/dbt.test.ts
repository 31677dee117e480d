import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDbt } from '../../../extractor/operations/dbt.ts';
import { temporaryFolder } from '../support/folder.ts';

/** Runs what stands for dbt, says this and fails. */
async function failing(said: string): Promise<unknown> {
  const folder = temporaryFolder();
  const program = join(folder, 'dbt');
  writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${said}\nEND\nexit 2\n`);
  chmodSync(program, 0o755);
  return await runDbt(['build'], {}, undefined, folder, program).catch((error: unknown) => error);
}

it('a failed build says what dbt said, and to correct it', async () => {
  expect(await failing('05:00:00  Running\n05:00:01  Completed with 1 error\n05:00:01    Runtime Error in model staff')).toMatchObject({
    code: 'warehouse.build_failed',
    message: 'dbt build failed.\nCompleted with 1 error\nRuntime Error in model staff',
    remedy: expect.stringContaining('Correct what dbt names above'),
  });
});

it('where DuckDB does not open what a killed build left, the error says which files to remove', async () => {
  expect(await failing('Encountered an error:\nTransactionContext Error: Failure while replaying WAL file "suptask.duckdb.wal": Conflict on tuple deletion!')).toMatchObject({
    code: 'warehouse.build_failed',
    remedy: expect.stringContaining('remove the file (SUPTASK_DUCKDB) and the one beside it that ends in .wal'),
  });
});

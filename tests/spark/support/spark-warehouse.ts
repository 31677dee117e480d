import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Marts, parquetMarts } from '../../extractor/warehouse/support/marts.ts';
import { runIn } from '../../extractor/warehouse/support/warehouse.ts';
import { projectFolder } from '../../../extractor/operations/dbt.ts';

/** Spark with its tables in a folder, and the marts as others read them there. */
export interface SparkWarehouse {
  marts: Marts;
  /** The files of a table, by name; Spark never gives a name twice. */
  files(schema: string, table: string): Promise<string[]>;
  /** Runs dbt with everything that it writes in this folder. Rejects with what failed. */
  dbt(...args: string[]): Promise<string[]>;
}

/** Settings of Spark for small worlds. */
export const sparkConf = join(import.meta.dirname, 'conf');

/** Spark over a landing folder: within dbt, or by a server whose tables lie in the folder's `warehouse`. */
export function sparkWarehouse(folder: string, landing: string, server: NodeJS.ProcessEnv = {}): SparkWarehouse {
  const warehouse = join(folder, 'warehouse');
  const environment = {
    DBT_TARGET: 'spark',
    SUPTASK_LANDING: landing,
    SUPTASK_SPARK_WAREHOUSE: warehouse,
    SPARK_CONF_DIR: sparkConf,
    ...server,
  };
  const schemaFolder = (schema: string) => join(warehouse, `${schema}.db`);
  const martsFolder = schemaFolder('suptask');
  return {
    marts: parquetMarts(
      () => readdir(martsFolder),
      (mart) => join(martsFolder, mart, '*.parquet'),
    ),
    async files(schema, table) {
      const names = await readdir(join(schemaFolder(schema), table), { recursive: true });
      return names.filter((name) => name.endsWith('.parquet')).toSorted();
    },
    dbt: (...args) => runIn(folder, projectFolder, environment, args),
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonProgram } from '../../../extractor/operations/dbt.ts';
import { freePort } from '../../extractor/support/postgres-server.ts';
import { sparkConf } from './spark-warehouse.ts';

/** The two servers that Spark brings: which class each is, how it is given its port, and how dbt is told of it. */
const SERVERS = {
  Thrift: {
    class: 'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2',
    listensOn: (port: number) => `spark.hadoop.hive.server2.thrift.port=${port}`,
    address: (port: number) => ({ SUPTASK_SPARK_HOST: '127.0.0.1', SUPTASK_SPARK_PORT: String(port) }),
  },
  Connect: {
    class: 'org.apache.spark.sql.connect.service.SparkConnectServer',
    listensOn: (port: number) => `spark.connect.grpc.binding.port=${port}`,
    address: (port: number) => ({ SPARK_REMOTE: `sc://127.0.0.1:${port}` }),
  },
} as const;

/** A Spark server of a test's own. */
export interface SparkServer {
  /** What tells dbt of it. */
  environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts a Spark server with its tables in a folder's `warehouse`, and waits until it listens. Its clock is not set to UTC, as a cluster's may not be. */
export async function startSparkServer(kind: keyof typeof SERVERS, folder: string): Promise<SparkServer> {
  const server = SERVERS[kind];
  const port = await freePort();
  const settings = [
    server.listensOn(port),
    `spark.sql.warehouse.dir=${join(folder, 'warehouse')}`,
    'spark.sql.catalogImplementation=hive',
    'spark.sql.shuffle.partitions=2',
    'spark.ui.enabled=false',
    'spark.log.level=ERROR',
    `spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName=${join(folder, 'metastore')};create=true`,
  ];
  await mkdir(folder, { recursive: true });
  const python = pythonProgram('python', '.venv-spark');
  const args = ['--class', server.class, '--master', 'local[*]', ...settings.flatMap((setting) => ['--conf', setting]), 'spark-internal'];
  const child = spawn(pythonProgram('spark-submit', '.venv-spark'), args, {
    cwd: folder,
    env: { ...process.env, PYSPARK_PYTHON: python, SPARK_CONF_DIR: sparkConf, TZ: 'America/New_York' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`Spark's ${kind} server ended: ${said.join('').slice(-2_000)}`);
    await pause(500);
  }
  return {
    environment: server.address(port),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function listens(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SuptaskError } from '../errors.ts';

/** The oldest Java that Spark 4 runs on. */
const OLDEST = 17;

/**
 * Sees that there is a Java that Spark can run on: the one of JAVA_HOME, or else of the path.
 * @throws SuptaskError `configuration.missing`
 */
export function requireJava(environment: NodeJS.ProcessEnv): void {
  const home = environment['JAVA_HOME'];
  const { stderr } = spawnSync(home ? join(home, 'bin', 'java') : 'java', ['-version'], { env: environment, encoding: 'utf8' });
  const found = /version "([^"]+)"/.exec(stderr ?? '')?.[1];
  if (found && Number.parseInt(found) >= OLDEST) return;
  throw new SuptaskError(
    'configuration.missing',
    found ? `Spark needs Java ${OLDEST} or newer; this is Java ${found}.` : `Spark needs Java ${OLDEST} or newer, and no Java was found.`,
    `Install it (Debian: apt install openjdk-17-jre-headless) or name one by JAVA_HOME; or name a Spark server by SUPTASK_SPARK_HOST.`,
  );
}

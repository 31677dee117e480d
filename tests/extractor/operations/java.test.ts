import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireJava } from '../../../extractor/operations/java.ts';
import { temporaryFolder } from '../support/folder.ts';

/** An environment whose path holds nothing but a Java that says this of itself. */
function withJava(said: string): NodeJS.ProcessEnv {
  const folder = temporaryFolder();
  const java = join(folder, 'java');
  writeFileSync(java, `#!/bin/sh\necho '${said}' >&2\n`);
  chmodSync(java, 0o755);
  return { PATH: folder };
}

it('Spark is content with Java 17 and with what came after it', () => {
  expect(() => requireJava(withJava('openjdk version "17.0.15" 2025-04-15'))).not.toThrow();
  expect(() => requireJava(withJava('openjdk version "21" 2023-09-19'))).not.toThrow();
});

it('a Java that is too old is refused by its version', () => {
  expect(() => requireJava(withJava('java version "1.8.0_392"'))).toThrow('Spark needs Java 17 or newer; this is Java 1.8.0_392.');
  expect(() => requireJava(withJava('openjdk version "11.0.20" 2023-07-18'))).toThrow('this is Java 11.0.20.');
});

it('where there is no Java, the error says so', () => {
  expect(() => requireJava({ PATH: temporaryFolder() })).toThrow('no Java was found');
  expect(() => requireJava({ JAVA_HOME: temporaryFolder() })).toThrow('no Java was found');
});

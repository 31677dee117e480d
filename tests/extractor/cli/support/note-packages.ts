/** Loaded before a command: when that ends, it writes which packages were loaded to the file that SUPTASK_TEST_PACKAGES names. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const packages = new Set<string>();
registerHooks({
  load(url, context, nextLoad) {
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
    if (name) packages.add(name);
    return nextLoad(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env['SUPTASK_TEST_PACKAGES'] ?? '', JSON.stringify([...packages])));

#!/usr/bin/env node
// Where every command starts. Of JavaScript, since Node would fetch a compiler of TypeScript for the first file that it runs: what
// was compiled of all others is kept with the packages. Where nobody may write there, it is compiled each time.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/suptask'));
await import('./cli.ts');

import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';

it('leaves a failed run its exit code', async () => {
  const script = `
    import start from ${JSON.stringify(new URL('postgres-server.ts', import.meta.url).href)};
    const stop = await start({ provide: () => undefined });
    await stop();
    process.exitCode = 7;
  `;
  const code = await new Promise((resolve) => {
    const child = execFile(process.execPath, ['--input-type=module', '--eval', script]);
    child.once('close', resolve);
  });
  expect(code).toBe(7);
});

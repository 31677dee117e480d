/** The limit: reads each ticket over 32 connections and throws the bodies away. */
import { Pool } from 'undici';

const [url = '', count = '0'] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: 32, pipelining: 1 });
let next = 1;

async function work(): Promise<void> {
  while (next <= Number(count)) {
    const number = next;
    next += 1;
    const { body } = await pool.request({ path: `${pathname}/ticket/${number}`, method: 'GET' });
    await body.dump({ limit: Number.POSITIVE_INFINITY });
  }
}

await Promise.all(Array.from({ length: 32 }, work));
await pool.close();

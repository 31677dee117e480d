/** Loaded before a measured command: when that ends, it writes what the process used to the file that SUPTASK_BENCH_USAGE names. */
import { writeFileSync } from 'node:fs';

const file = process.env['SUPTASK_BENCH_USAGE'];
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  if (file) writeFileSync(file, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMebibytes: maxRSS / 1_024 }));
});

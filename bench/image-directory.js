import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the image that is measured lies, and the peer's program beside it. */
export const imageDirectory =
  process.env['MLBOM_BENCH_IMAGE'] ||
  join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'mlbom-bench-image');

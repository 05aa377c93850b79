import type { HashingProgress } from '../../manifest/hash-entries.ts';
import { formatBytes } from '../../reports/format-bytes.ts';

/** Before this, nothing is worth announcing. */
const patience = 400;

/**
 * A line on a terminal that says how far the hashing is, how fast and how long still; nothing on anything else.
 * `done` takes the line away.
 */
export function progressLine(
  enabled: boolean,
  stream: NodeJS.WriteStream = process.stderr,
  now: () => number = () => performance.now(),
): { update: (progress: HashingProgress) => void; done: () => void } {
  if (!enabled || !stream.isTTY) return { update: () => undefined, done: () => undefined };
  const started = now();
  let shown = false;
  return {
    update(progress) {
      const elapsed = now() - started;
      if (elapsed < patience) return;
      shown = true;
      // Some pseudo-terminals say that they have no columns.
      const width = stream.columns > 0 ? stream.columns : 80;
      const line = progressText(progress, elapsed / 1000).slice(0, width - 1);
      stream.write(`\r\x1b[K${line}`);
    },
    done() {
      if (shown) stream.write('\r\x1b[K');
    },
  };
}

/** `hashed 12.4 GB of 70.1 GB (17%) · 3 of 29 files · 1.0 GB/s · 58 s left` */
export function progressText(progress: HashingProgress, seconds: number): string {
  const { bytes, totalBytes, files, totalFiles } = progress;
  const rate = seconds > 0 ? bytes / seconds : 0;
  const parts = [
    `hashed ${formatBytes(bytes)} of ${formatBytes(totalBytes)} (${percent(bytes, totalBytes)}%)`,
    `${files} of ${totalFiles} files`,
    `${formatBytes(rate)}/s`,
  ];
  if (rate > 0 && bytes < totalBytes) parts.push(`${duration((totalBytes - bytes) / rate)} left`);
  return parts.join(' · ');
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.floor((part / whole) * 100);
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${whole % 60} s`
    : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

import { describe, expect, it } from 'vitest';
import { terminal } from '../../src/commands/skin/terminal.ts';
import { progressLine, progressText } from '../../src/commands/skin/progress.ts';

describe('terminal', () => {
  it('has colours only where somebody sees them and nobody minds', () => {
    expect(terminal({ isTTY: true, columns: 80 }, {})).toEqual({ color: true, width: 80 });
    expect(terminal({ columns: 80 }, {}).color).toBe(false);
    expect(terminal({ isTTY: true }, { NO_COLOR: '1' }).color).toBe(false);
    expect(terminal({ isTTY: true }, { NO_COLOR: '' }).color).toBe(true);
    expect(terminal({ isTTY: true }, { TERM: 'dumb' }).color).toBe(false);
  });

  it('is 100 columns wide where nobody says, and never narrower than 40', () => {
    expect(terminal({}, {}).width).toBe(100);
    expect(terminal({ columns: 10 }, {}).width).toBe(40);
  });
});

describe('progress', () => {
  const half = { bytes: 35e9, totalBytes: 70e9, files: 3, totalFiles: 29 };

  it('says how far, how fast and how long still', () => {
    expect(progressText(half, 35)).toBe(
      'hashed 35.0 GB of 70.0 GB (50%) · 3 of 29 files · 1.00 GB/s · 35 s left',
    );
    expect(progressText({ ...half, bytes: 1e9 }, 10)).toContain('11 min 30 s left');
    expect(progressText({ ...half, bytes: 70e9 }, 10)).not.toContain('left');
    expect(progressText({ bytes: 0, totalBytes: 0, files: 0, totalFiles: 0 }, 0)).toContain('(100%)');
  });

  it('is a line on a terminal that is gone at the end, and nothing elsewhere', () => {
    const written: string[] = [];
    let now = 0;
    const stream = { columns: 30, write: (text: string) => written.push(text) };
    const on = (isTTY: boolean) =>
      progressLine(true, { ...stream, isTTY } as unknown as NodeJS.WriteStream, () => now);
    const elsewhere = on(false);
    const line = on(true);
    now = 1000;
    elsewhere.update(half);
    elsewhere.done();
    expect(written).toEqual([]);
    line.update(half);
    line.done();
    expect(written).toEqual([`\r\x1b[K${progressText(half, 1).slice(0, 29)}`, '\r\x1b[K']);
  });
});

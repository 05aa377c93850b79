import { describe, expect, it } from 'vitest';
import { readPyvenvCfg } from '../../src/formats/pyvenv-cfg.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const read = (text: string) => readPyvenvCfg(memorySource(Buffer.from(text)), 'pyvenv.cfg');

describe('readPyvenvCfg', () => {
  it('reads keys in any case, with and without spaces', async () => {
    const values = await read('home = /usr/bin\r\nUV=0.8.3\n\nprompt = a = b\nnothing\n= x\n');
    expect(Object.fromEntries(values)).toEqual({ home: '/usr/bin', uv: '0.8.3', prompt: 'a = b' });
  });

  it('refuses a file that makes no environment', async () => {
    expect(await refusal(read('version = 3.11.7\n'))).toBe('E_MALFORMED pyvenv-home');
    expect(await refusal(read('x'.repeat(100_000)))).toBe('E_LIMIT file-size');
  });

  survivesHostileBytes(
    (source) => readPyvenvCfg(source, 'pyvenv.cfg'),
    Buffer.from('home = /usr/bin\nversion = 3.11.7\n'),
    { refusesEveryTruncation: false },
  );
});

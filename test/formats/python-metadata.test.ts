import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readPythonMetadata } from '../../src/formats/python-metadata.ts';
import { memorySource } from '../fixtures/byte-source.ts';
import { refusal, survivesHostileBytes } from '../fixtures/hostile-bytes.ts';

const read = (text: string | Uint8Array) =>
  readPythonMetadata(memorySource(Buffer.from(text as string)), 'METADATA');

describe('readPythonMetadata', () => {
  it('reads fields, folded lines and fields that come several times, up to the description', async () => {
    const text =
      'Metadata-Version: 2.1\r\nName:  torch\r\nLicense: MIT License\r\n        \r\n  Copyright\r\n' +
      'Classifier: A :: B\r\nCLASSIFIER: C\r\nSummary:\r\n\r\nName: not a field\r\n';
    expect(Object.fromEntries(await read(text))).toEqual({
      'metadata-version': ['2.1'],
      name: ['torch'],
      license: ['MIT License\n\nCopyright'],
      classifier: ['A :: B', 'C'],
      summary: [''],
    });
  });

  it('ends where Python ends: at a line that is no field', async () => {
    expect([...(await read('Name: a\nno field\nVersion: 1\n')).keys()]).toEqual(['name']);
  });

  it('takes bytes that are not UTF-8 as unknown characters', async () => {
    const fields = await read(Buffer.from('Name: a\nAuthor: J\xf6rg\n', 'latin1'));
    expect(fields.get('author')).toEqual(['J\ufffdrg']);
  });

  it('refuses what begins with no field, and fields without end', async () => {
    expect(await refusal(read('<html>\nName: a\n'))).toBe('E_MALFORMED python-metadata');
    expect(await refusal(read(' Name: a\n'))).toBe('E_MALFORMED python-metadata');
    const endless = 'Classifier: x\n'.repeat(limits.pythonMetadataBytes / 14 + 2);
    expect(await refusal(read(endless))).toBe('E_LIMIT python-metadata-size');
  });

  it('reads the fields alone of a file with a long description', async () => {
    const source = memorySource(Buffer.from(`Name: a\n\n${'x'.repeat(2 * limits.pythonMetadataBytes)}`));
    await readPythonMetadata(source, 'METADATA');
    expect(source.bytesRead).toBe(limits.pythonMetadataBytes);
  });

  survivesHostileBytes(
    (source) => readPythonMetadata(source, 'METADATA'),
    Buffer.from('Metadata-Version: 2.4\nName: a\nLicense: b\n  c\n\nText\n'),
    { refusesEveryTruncation: false },
  );
});

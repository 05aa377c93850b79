import { expect, it } from 'vitest';
import { licenseChoices } from '../../src/bom/license-choice.ts';

const acknowledgement = 'declared';

it('writes an id in the case of SPDX, an expression as one, and any other word as a name', () => {
  expect(licenseChoices({ license: 'apache-2.0' })).toEqual([
    { license: { id: 'Apache-2.0', acknowledgement } },
  ]);
  expect(licenseChoices({ license: 'MIT OR Apache-2.0' })).toEqual([
    { expression: 'MIT OR Apache-2.0', acknowledgement },
  ]);
  expect(licenseChoices({ license: 'llama3.1', url: 'https://example.org/l' })).toEqual([
    { license: { name: 'llama3.1', url: 'https://example.org/l', acknowledgement } },
  ]);
});

it('writes a list of licences one by one, unless one of them is none that SPDX knows', () => {
  expect(licenseChoices({ license: 'mit, apache-2.0' })).toEqual([
    { license: { id: 'MIT', acknowledgement } },
    { license: { id: 'Apache-2.0', acknowledgement } },
  ]);
  expect(licenseChoices({ license: 'mit, my own' })).toEqual([
    { license: { name: 'mit, my own', acknowledgement } },
  ]);
});

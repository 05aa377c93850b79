import { describe, expect, it } from 'vitest';
import { readTar, type TarAnomalyKind } from '../../../src/formats/tar/read-tar.ts';
import { memorySource } from '../../fixtures/byte-source.ts';
import { paxHeader, writeTar, type TarFile } from '../../fixtures/tar-writer.ts';

/** `name type size`, with ` -> target` for links, of the members, and the kinds of what is odd. */
async function read(bytes: Uint8Array): Promise<{ members: string[]; kinds: TarAnomalyKind[] }> {
  const members: string[] = [];
  const kinds: TarAnomalyKind[] = [];
  for await (const { name, type, size, link } of readTar(memorySource(bytes), ({ kind }) =>
    kinds.push(kind),
  )) {
    members.push(`${name} ${type} ${size}${link === undefined ? '' : ` -> ${link}`}`);
  }
  return { members, kinds };
}

const inner = writeTar([{ name: 'inner', content: 'x' }], '');
const long = (name: string, type = 'L'): TarFile => ({ name: '', type, content: `${name}\0` });
const sparseName = 'GNU.sparse.name';

/** What Go's archive/tar (1.26) makes of each; GNU tar 1.34, Python 3.11 or both make something else of it. */
const cases: [string, TarFile[], string[], TarAnomalyKind[]][] = [
  [
    'a NUL before the size',
    [{ name: 'a', size: '\x000000001000\0', content: 'x'.repeat(512) }],
    ['a file 512'],
    ['size'],
  ],
  [
    'a directory of the old kind with data',
    [{ name: 'd/', type: '\0', content: inner }],
    ['d/ directory 0', 'inner file 1'],
    ['size'],
  ],
  [
    'a directory by its long name alone',
    [long('d/'), { name: 'd', type: '\0', content: inner }],
    ['d/ directory 0', 'inner file 1'],
    ['type', 'size'],
  ],
  ['a file with the name of a directory', [{ name: 'd/', content: 'x' }], ['d/ file 1'], ['type']],
  [
    "GNU's long names and the standard's",
    [paxHeader({ path: 'p', linkpath: 'q' }), long('l'), long('k', 'K'), { name: 'a', type: '2', link: 't' }],
    ['l link 0 -> k'],
    ['name', 'name'],
  ],
  ['two names that are one', [paxHeader({ path: 'p' }), long('p'), { name: 'a' }], ['p file 0'], []],
  ['an empty name', [paxHeader({ path: '' }), { name: 'a' }], ['a file 0'], ['name']],
  ['an empty long name', [long(''), { name: 'a' }], ['a file 0'], ['name']],
  ['an empty size', [paxHeader({ size: '' }), { name: 'a', content: 'x' }], ['a file 1'], ['size']],
  [
    'a prefix that is none',
    [{ name: 'a', magic: 'ustar  \0', prefix: 'opt/zzz' }],
    ['opt/zzz/a file 0'],
    ['name'],
  ],
  [
    "times in GNU's header",
    [{ name: 'a', magic: 'ustar  \0', prefix: '00000000001 00000000001 ' }],
    ['a file 0'],
    ['name'],
  ],
  ['a prefix in the old header', [{ name: 'a', magic: '', prefix: 'p' }], ['a file 0'], ['name']],
  [
    "a prefix that runs into the times of star's header",
    [{ name: 'a', prefix: `${'z'.repeat(131)}00000000001 00000000001 `, trailer: 'tar\0' }],
    [`${'z'.repeat(131)}/a file 0`],
    ['name'],
  ],
  ["a prefix in star's header", [{ name: 'a', prefix: 'p', trailer: 'tar\0' }], ['p/a file 0'], []],
  [
    'an extended header for all between one and its member',
    [paxHeader({ path: 'p' }), paxHeader({ comment: 'c' }, 'g'), { name: 'a' }],
    ['a file 0'],
    ['extended-header'],
  ],
  [
    'a link, a name and a size for all',
    [
      paxHeader({ linkpath: 'p', path: 'p', size: '0' }, 'g'),
      { name: 'a', content: 'x' },
      { name: 'b', type: '1', link: 'a' },
    ],
    ['a file 1', 'b hard-link 0 -> a'],
    ['global-header'],
  ],
  ['a comment for all', [paxHeader({ comment: 'c' }, 'g'), { name: 'a' }], ['a file 0'], []],
  [
    'two extended headers',
    [paxHeader({ path: 'p' }), paxHeader({ path: 'q' }), { name: 'a' }],
    ['q file 0'],
    ['extended-header'],
  ],
  [
    'an extended header of Solaris',
    [{ ...paxHeader({ path: 'p' }), type: 'X' }, { name: 'a' }],
    ['p file 0'],
    ['extended-header'],
  ],
  [
    'the name of a sparse file alone',
    [paxHeader({ [sparseName]: 's' }), { name: 'a' }],
    ['a file 0'],
    ['type'],
  ],
  [
    'a sparse file of no known version',
    [paxHeader({ 'GNU.sparse.major': '2', 'GNU.sparse.minor': '0', [sparseName]: 's' }), { name: 'a' }],
    ['a file 0'],
    ['type'],
  ],
  [
    'sparse files of the versions that there are',
    [
      ...[
        { 'GNU.sparse.offset': '0', 'GNU.sparse.numbytes': '0' },
        { 'GNU.sparse.map': '0,0' },
        { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0' },
      ].flatMap((records) => [paxHeader({ ...records, [sparseName]: 's' }), { name: 'a' }]),
    ],
    ['s sparse 0', 's sparse 0', 's sparse 0'],
    [],
  ],
];

describe('headers over which readers of tar differ', () => {
  it.each(cases)('are read as Go reads them, and told: %s', async (_, files, members, kinds) => {
    expect(await read(writeTar(files))).toEqual({ members, kinds });
  });

  it('are those with a NUL before their checksum, too, where Python ends', async () => {
    const bytes = Buffer.from(writeTar([{ name: 'a' }]));
    bytes.write(`\0${bytes.toString('latin1', 149, 154)}  `, 148, 'latin1');
    expect(await read(bytes)).toEqual({ members: ['a file 0'], kinds: ['size'] });
  });
});

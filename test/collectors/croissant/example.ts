import type { Files } from '../../fixtures/model-directory.ts';

export const description = {
  '@context': { '@vocab': 'https://schema.org/', cr: 'http://mlcommons.org/croissant/', rai: 'x' },
  '@type': 'sc:Dataset',
  conformsTo: 'http://mlcommons.org/croissant/1.0',
  name: 'titanic',
  license: 'https://creativecommons.org/licenses/by/4.0/',
  url: 'https://someone:password@example.org/titanic?token=secret',
  version: '1.0.0',
  creator: { '@type': 'Organization', name: 'Acme' },
  distribution: [
    {
      '@type': 'cr:FileObject',
      '@id': 'passengers.csv',
      contentUrl: 'data/passengers.csv',
      contentSize: '117743 B',
      encodingFormat: 'text/csv',
      sha256: 'C617DB2C7470716250F6F001BE51304C76BCC8815527AB8BAE734BDCA0735737',
    },
    { '@type': 'cr:FileObject', name: 'genders.csv', contentUrl: 'genders.csv', sha256: 'c'.repeat(32) },
    {
      '@type': 'cr:FileObject',
      name: 'far',
      contentUrl: 'https://example.org/far.csv?sig=secret',
      md5: 'd'.repeat(32),
    },
    { '@type': 'cr:FileObject', name: 'up', contentUrl: '../up.csv' },
    {
      '@type': 'cr:FileObject',
      name: 'repo',
      contentUrl: 'https://example.org/x',
      encodingFormat: 'git+https',
      sha256: 'none',
    },
    { '@type': 'cr:FileSet', '@id': 'all', includes: '*.csv' },
  ],
  recordSet: [
    {
      '@type': 'cr:RecordSet',
      field: [
        { '@id': 'passengers/name', dataType: 'sc:Text' },
        { name: 'passengers/age', dataType: ['sc:Integer'] },
      ],
    },
  ],
  'rai:dataCollection': 'From the archive',
  'rai:personalSensitiveInformation': ['Gender', 'Age'],
};

export const files: Files = { 'titanic/croissant.json': JSON.stringify(description) };

/** Its beginning does not say what it is. */
export const readsCuts = Object.keys(files);

export const findings: Readonly<Record<string, readonly string[]>> = {
  'titanic/croissant.json': ['MLB-DAT-001'],
};

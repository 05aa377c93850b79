import type { Files } from '../../fixtures/model-directory.ts';

export const installed = {
  name: '@scope/server',
  version: '1.2.3',
  description: 'Answers',
  license: 'MIT',
  author: 'Example <author@example.org> (https://example.org)',
  repository: { type: 'git', url: 'git+https://token:x-oauth@example.org/scope/server.git' },
  homepage: 'https://example.org/?token=1',
  dependencies: { '@huggingface/transformers': '^3', left: '*' },
  devDependencies: { no: '*' },
  optionalDependencies: { maybe: '1' },
};

export const lock = {
  name: 'demo',
  lockfileVersion: 3,
  packages: {
    '': { name: 'demo', dependencies: { a: '1' } },
    'packages/own': { name: 'own', version: '1.0.0' },
    'node_modules/own': { resolved: 'packages/own', link: true },
    'node_modules/a': {
      version: '1.0.0',
      resolved: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
      integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')} sha1-${Buffer.alloc(20, 2).toString('base64')}`,
      license: 'ISC',
      dependencies: { b: '*', '@s/c': '*', gone: '*' },
    },
    'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { '@s/c': '*' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/@s/c': {
      version: '3.0.0',
      resolved: 'https://user:pw@npm.example.org/c.tgz?token=x',
      integrity: 'sha512-AAAA',
    },
    'node_modules/alias': { name: 'b', version: '2.0.0' },
  },
};

export const files: Files = {
  'app/node_modules/@scope/server/package.json': JSON.stringify(installed),
  'package-lock.json': JSON.stringify(lock),
};

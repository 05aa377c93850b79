import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'archives/tool.npy': Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0'), Buffer.alloc(200)]),
};

/** Whether the content fits the name is known from its first bytes. */
export const readsCuts = ['archives/tool.npy'];

import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'archives/tool.npy': Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01\0'), Buffer.alloc(200)]),
  'archives/pickled.safetensors': Buffer.from('\x80\x04]\x94.', 'latin1'),
};

/** Whether the content fits the name is known from its first bytes. */
export const readsCuts = Object.keys(files);

export const findings: Readonly<Record<string, readonly string[]>> = {
  'archives/pickled.safetensors': ['MLB-FMT-001'],
  'archives/tool.npy': ['MLB-FMT-002'],
};

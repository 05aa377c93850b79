import type { Files } from '../../fixtures/model-directory.ts';
import { writeSafetensors, writeSafetensorsHeader } from '../../fixtures/safetensors-writer.ts';

/** A tensor of bytes, as its header entry. */
function entry(name: string, begin: number, end: number, shape = `[${end - begin}]`, dtype = 'U8'): string {
  return `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;
}

const eight = new Uint8Array(8);

export const files: Files = {
  'safetensors/blob-without-a-name': writeSafetensors({ tensors: [{ name: 'w', dtype: 'F32', shape: [2] }] }),
  'safetensors/hole.safetensors': writeSafetensorsHeader(`{${entry('a', 0, 2)},${entry('b', 4, 8)}}`, eight),
  'safetensors/trailing.safetensors': writeSafetensorsHeader(`{${entry('a', 0, 4)}}`, eight),
  'safetensors/overlap.safetensors': writeSafetensorsHeader(
    `{${entry('a', 0, 6)},${entry('b', 4, 8)}}`,
    eight,
  ),
  'safetensors/twice.safetensors': writeSafetensorsHeader(`{${entry('a', 0, 4)},${entry('a', 4, 8)}}`, eight),
  'safetensors/past-end.safetensors': writeSafetensorsHeader(`{${entry('a', 0, 9)}}`, eight),
  'safetensors/size.safetensors': writeSafetensorsHeader(`{${entry('a', 0, 8, '[7]')}}`, eight),
  'safetensors/overflow.safetensors': writeSafetensorsHeader(
    `{${entry('a', 0, 8, '[4294967296,4294967296,16]')}}`,
    eight,
  ),
  'safetensors/deep.safetensors': writeSafetensorsHeader(`{"a":${'['.repeat(200)}`),
  'safetensors/model.safetensors.index.json': '{"weight_map":{"w":"../../secret.safetensors"}}',
};

export const findings: Readonly<Record<string, readonly string[]>> = {
  'safetensors/hole.safetensors': ['MLB-SFT-001'],
  'safetensors/trailing.safetensors': ['MLB-SFT-002'],
  'safetensors/overlap.safetensors': ['MLB-SFT-003'],
  'safetensors/twice.safetensors': ['MLB-SFT-004'],
  'safetensors/past-end.safetensors': ['MLB-SFT-005'],
  'safetensors/size.safetensors': ['MLB-SFT-006'],
  'safetensors/overflow.safetensors': ['MLB-SFT-007'],
  'safetensors/deep.safetensors': ['MLB-SFT-008'],
  'safetensors/model.safetensors.index.json': ['MLB-SFT-009'],
};

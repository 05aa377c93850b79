import type { Files } from '../../fixtures/model-directory.ts';

/** An ELF header of 64 bits with nothing behind it. */
export function elf(): Uint8Array {
  const bytes = new Uint8Array(128);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  return bytes;
}

export const files: Files = {
  'remote/modeling_example.py': 'class ExampleModel: ...\n',
  'remote/handler.py': 'class EndpointHandler: ...\n',
  'remote/custom_ops.bin': elf(),
  'remote/preprocessor_config.json': JSON.stringify({
    auto_map: { AutoProcessor: 'processing_example.Example' },
  }),
};

export const readsCuts = ['remote/modeling_example.py', 'remote/handler.py', 'remote/custom_ops.bin'];

export const findings: Readonly<Record<string, readonly string[]>> = {
  'remote/modeling_example.py': ['MLB-COD-005'],
  'remote/handler.py': ['MLB-COD-006'],
  'remote/custom_ops.bin': ['MLB-COD-007'],
  'remote/preprocessor_config.json': ['MLB-COD-001'],
};

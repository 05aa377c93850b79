import { writeGguf } from '../../fixtures/gguf-writer.ts';
import type { Files } from '../../fixtures/model-directory.ts';
import { writeZip } from '../../fixtures/zip-writer.ts';

const weights = writeGguf({
  metadata: [['general.architecture', 'string', 'llama']],
  tensors: [{ name: 'w', type: 'F32', shape: [32] }],
});

export const files: Files = {
  'support.llamafile': writeZip(
    [
      { name: '.args', content: '-m\nsupport.gguf\n' },
      { name: 'support.gguf', content: weights },
    ],
    { prefix: "MZqFpD='\n#!/bin/sh\n" },
  ),
};

export const findings = { 'support.llamafile': ['MLB-LLF-001'] };

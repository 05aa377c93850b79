import type { Files } from '../../fixtures/model-directory.ts';
import { flaxArray, writeMsgpack } from '../../fixtures/msgpack-writer.ts';

const dense = {
  map: {
    kernel: flaxArray([2, 3], 'float32', new Uint8Array(24)),
    bias: flaxArray([3], 'bfloat16', new Uint8Array(6)),
  },
};

export const files: Files = {
  'flax/flax_model.msgpack': writeMsgpack({ map: { params: { map: { dense } }, step: 7 } }),
};

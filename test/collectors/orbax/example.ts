import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'orbax/_CHECKPOINT_METADATA': JSON.stringify({
    item_handlers: { params: 'orbax.checkpoint.StandardCheckpointHandler' },
    commit_timestamp_nsecs: 1_767_225_600_000_000_000,
  }),
  'orbax/_METADATA': JSON.stringify({
    tree_metadata: { "('params', 'dense', 'kernel')": { value_metadata: { value_type: 'jax.Array' } } },
    use_zarr3: false,
  }),
};

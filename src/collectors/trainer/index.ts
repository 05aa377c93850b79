import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import { numberAt, valueAt } from '../../core/json-access.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { parametersOf } from '../parameters.ts';
import { readJsonFile } from '../json-file.ts';

/** What the state of a run says of it; its log has a line for every few steps. */
const told = [
  'epoch',
  'global_step',
  'max_steps',
  'num_train_epochs',
  'num_input_tokens_seen',
  'total_flos',
  'train_batch_size',
  'best_metric',
] as const;

/** `trainer_state.json`: where the Trainer of `transformers` stood when it wrote this checkpoint. */
export const trainer: FileCollector = {
  id: 'trainer',
  version: 1,
  wants: ({ path }) => nameOf(path) === 'trainer_state.json',
  async collect(entry): Promise<Collected> {
    const state = await readJsonFile(entry);
    if (numberAt(state, 'global_step') === undefined) return nothing;
    const history = valueAt(state, 'log_history');
    const losses = Array.isArray(history) ? history.map((line) => numberAt(line, 'loss')) : [];
    const last = losses.findLast((loss) => loss !== undefined);
    const values = Object.fromEntries(told.map((name) => [name, numberAt(state, name) ?? null]));
    return {
      ...nothing,
      runs: [
        {
          key: entry.path,
          name: 'training',
          parameters: parametersOf({
            ...values,
            last_loss: last ?? null,
          }),
          inputs: [],
          output: directoryOf(entry.path),
          tools: [{ name: 'transformers Trainer' }],
          evidence: attributesFrom(entry.path, 'trainer').evidence(),
        },
      ],
    };
  },
};

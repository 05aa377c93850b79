import type { Files } from '../../fixtures/model-directory.ts';

export const files: Files = {
  'checkpoint-500/trainer_state.json': JSON.stringify({
    epoch: 2.0,
    global_step: 500,
    max_steps: 500,
    total_flos: 1.5e15,
    log_history: [
      { step: 250, loss: 1.25 },
      { step: 500, loss: 0.75 },
      { step: 500, train_runtime: 10 },
    ],
  }),
};

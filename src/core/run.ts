import type { Evidence } from './evidence.ts';
import type { Target } from './fact.ts';

/** One step that made something: a training, a merge, a conversion, a build. It becomes a workflow of the formulation. */
export interface Run {
  /** Unique among the runs of one artifact: the path it was read from, with what tells several in it apart. */
  readonly key: string;
  /** `training`, `merge`, `fine-tuning`, `build`, … */
  readonly name: string;
  /** The run's own identifier: MLflow's run id, a build's invocation id. */
  readonly id?: string;
  readonly description?: string;
  /** RFC 3339. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** Models, datasets and code that went in. */
  readonly inputs: readonly RunInput[];
  /** The directory or file within the artifact that came out. */
  readonly output: string;
  /** Programs that did it. */
  readonly tools: readonly Target[];
  readonly evidence: Evidence;
}

export interface RunInput {
  readonly type: 'model' | 'dataset' | 'source' | 'other';
  readonly to: Target;
  /** The digest that the statement gives, lower-case hex by algorithm name. */
  readonly digests?: Readonly<Record<string, string>>;
}

import { contradiction, incomplete, type Problem, type ProblemEffect } from '../../core/problem.ts';

/** Problems of one code and effect that are told one by one. */
const most = 32;

/** Problems about one layer, without letting it have millions of them. */
export interface ProblemList {
  add(...problems: readonly Problem[]): void;
  /** What was added, with one problem for all of a code that were too many. */
  all(): Problem[];
}

export function problemList(): ProblemList {
  const list: Problem[] = [];
  const counts = new Map<string, { count: number; readonly code: string; readonly effect: ProblemEffect }>();
  return {
    add(...problems) {
      for (const problem of problems) {
        const { code, effect } = problem;
        const key = `${effect} ${code}`;
        const seen = counts.get(key) ?? { count: 0, code, effect };
        counts.set(key, seen);
        if (++seen.count <= most) list.push(problem);
      }
    },
    all() {
      const further = [...counts.values()].flatMap(({ count, code, effect }) => {
        const make = effect === 'incomplete' ? incomplete : contradiction;
        return count > most ? [make(code, '.', `and ${count - most} more of the same`)] : [];
      });
      return [...list, ...further];
    },
  };
}

import { contradiction, incomplete, type Problem, type ProblemEffect } from '../../core/problem.ts';

/** Problems of one code that are told one by one. */
const most = 32;

/** Problems about one layer, without letting it have millions of them. */
export interface ProblemList {
  add(problem: Problem): void;
  /** What was added, with one problem for all of a code that were too many. */
  all(): Problem[];
}

export function problemList(): ProblemList {
  const list: Problem[] = [];
  const counts = new Map<string, { count: number; readonly effect: ProblemEffect }>();
  return {
    add(problem) {
      const { code, effect } = problem;
      const seen = counts.get(code) ?? { count: 0, effect };
      counts.set(code, seen);
      if (++seen.count <= most) list.push(problem);
    },
    all() {
      const further = [...counts].flatMap(([code, { count, effect }]) => {
        const make = effect === 'incomplete' ? incomplete : contradiction;
        return count > most ? [make(code, '.', `and ${count - most} more of the same`)] : [];
      });
      return [...list, ...further];
    },
  };
}

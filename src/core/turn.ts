/** Lets everything else that waits have its turn: signals, messages of threads, other work. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

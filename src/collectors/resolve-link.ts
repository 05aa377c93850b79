/** Where a link in an archive leads, from the archive's root; an absolute target, or one that leads out, stays so. */
export function resolveLink(from: string, target: string): string {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(target)) return target;
  const parts = from.split('/').slice(0, -1);
  for (const part of target.split(/[/\\]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return '..';
  }
  return parts.join('/');
}

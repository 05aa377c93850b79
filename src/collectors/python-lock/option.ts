import { repositoryUrl } from '../repository-url.ts';

/** What an option says that stands on a line of its own, empty where it says nothing; undefined for other lines. */
export function optionHeader(line: string): string | undefined {
  const [, name, value = ''] = /^(--?[A-Za-z][\w-]*)(?:[\s=]+(\S[^]*))?$/.exec(line) ?? [];
  if (name === undefined || name === '-e' || name === '--editable') return undefined;
  const label = options[name];
  if (label === undefined) return '';
  if (label.endsWith('index')) {
    const url = repositoryUrl(value);
    return url === undefined ? '' : `${label}=${url}`;
  }
  // Addresses may hold tokens, absolute paths name machines.
  return /^[\w./-]{1,255}$/.test(value) && !value.startsWith('/') ? `${label}=${value}` : '';
}

const options: Readonly<Partial<Record<string, string>>> = {
  '-r': 'includes',
  '--requirement': 'includes',
  '-c': 'constraints',
  '--constraint': 'constraints',
  '-i': 'index',
  '--index-url': 'index',
  '--extra-index-url': 'extra-index',
};

import type { Party } from '../core/fact.ts';

/** `Name <address>` as package databases write who maintains or packages something. */
export function packageMaintainer(text: string | undefined): Party | undefined {
  if (text === undefined || text.length > longest) return undefined;
  const [, name = '', email = ''] = /^([^<>]*)<([^<>]*)>\s*$/.exec(text) ?? [text, text];
  const party = {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(/^[^\s@]+@[^\s@]+$/.test(email) ? { email } : {}),
  };
  return Object.keys(party).length === 0 ? undefined : party;
}

const longest = 1024;

import { isSecretName } from '../../collectors/image/plain-value.ts';
import { withoutBuildArguments } from './without-build-arguments.ts';

/**
 * A line of an image's history without what may be secret in it: values of build arguments, of variables that it sets,
 * and of options and assignments whose names speak of secrets. What a command has in it otherwise stays: it is how the
 * layer was made.
 */
export function redactedHistory(line: string): string {
  const shown = withoutBuildArguments(line);
  const [, start, names] = /^((?:\/bin\/sh -c #\(nop\) {1,4})?(?:ENV|ARG) )(.*)$/s.exec(shown) ?? [];
  if (start !== undefined && names !== undefined) return start + withoutValues(names);
  return [variable, option].reduce(
    (text, setting) =>
      text.replace(setting, (whole, kept: string, name: string) => (isSecretName(name) ? `${kept}…` : whole)),
    shown,
  );
}

/** `NAME=value`; a value in quotes is one. */
const variable =
  /((?:^|[\s;&|("'[,])([A-Za-z_]\w{0,200})=)(?:"[^"]{0,4096}"|'[^']{0,4096}'|[^\s;&|"',\]]{1,4096})/g;
/** `--name value`, `--name=value`, `"--name", "value"`. */
const option =
  /((?:^|[\s;&|("'[,])--?([A-Za-z][\w.-]{0,80})(?:=|\s+|["']\s*,\s*["']))(?:"[^"]{0,4096}"|'[^']{0,4096}'|[^\s;&|"',\]]{1,4096})/g;

/** Names of what is set; where they cannot be told from values, nothing. */
function withoutValues(text: string): string {
  const [first = ''] = text.split(/[\s=]/, 1);
  if (!/^[A-Za-z_]\w{0,200}$/.test(first)) return '…';
  // The old form, `ENV NAME value`, sets one.
  if (!text.startsWith(`${first}=`)) return text === first ? first : `${first} …`;
  const names = [...text.matchAll(/(?:^|\s)([A-Za-z_]\w{0,200})=/g)].map(([, name = '']) => name);
  // What looks like another name may be part of a value: only the first one is sure.
  return names.length === 1 ? `${first}=…` : `${first}=… and more`;
}

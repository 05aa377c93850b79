import { shortened } from '../core/shortened.ts';
import { isOperator } from '../formats/jinja/chains.ts';
import { joinedStrings, type JoinedString } from '../formats/jinja/joined-strings.ts';
import type { JinjaPart, JinjaToken } from '../formats/jinja/tokenize.ts';
import type { TemplateMatch } from './template-findings.ts';
import { keyMatches } from './template-keys.ts';
import { functions, internals, pieces } from './template-rules.ts';

/** Attributes of Python's own objects that lead to its interpreter and have no underscores. */
const internalNames = new Set(
  (
    'func_globals func_code gi_frame gi_code gi_yieldfrom cr_frame cr_code ag_frame ag_code f_globals f_builtins ' +
    'f_locals f_back tb_frame tb_next im_func mro'
  ).split(' '),
);
/** Names by which a string means Python's internals, and nothing that a prompt has. */
const knownDunder =
  /__(?:class|bases?|mro|subclasses|globals|builtins?|init|import|getattribute|getattr|dict|code|func|self|call|getitem|reduce|reduce_ex|new|name|qualname|module|doc|wrapped|closure|loader|spec|file|kwdefaults|context|enter|exit|format)__/;
const anyDunder = /__[A-Za-z]\w*__/;
/** Of Jinja and of the frameworks around it: objects that bring their module with them. */
const helpers = new Set(['cycler', 'joiner', 'lipsum', 'url_for', 'get_flashed_messages', 'self']);
const modules = new Set(
  'os sys subprocess builtins importlib shutil socket pty pickle ctypes eval exec getattr setattr globals locals vars breakpoint popen'.split(
    ' ',
  ),
);
const methods = new Set(
  'popen system eval exec execfile spawn check_output import_module load_module get_flashed_messages'.split(
    ' ',
  ),
);
const loaders = new Set(['import', 'from', 'include', 'extends']);
const commandText = /os\.(?:system|popen)|\bpopen\s*\(|subprocess\.|\/bin\/(?:ba|da|z)?sh\b|\bimport\s+os\b/;

/** What in the code of a template leads out of it (CVE-2024-34359). */
export function codeMatches(parts: readonly JinjaPart[]): TemplateMatch[] {
  const assigned = assignedNames(parts);
  return parts.flatMap((part) => {
    if (!('tokens' in part)) return [];
    const { tokens } = part;
    const matches = [...joinedStrings(tokens).flatMap(stringMatches), ...keyMatches(tokens, assigned)];
    const [first] = tokens;
    if (part.kind === 'statement' && first && loaders.has(first.value)) {
      matches.push({
        rule: functions,
        at: first.offset,
        message: `{% ${first.value} %} loads another template`,
      });
    }
    tokens.forEach((token, index) => {
      if (token.kind === 'name') matches.push(...nameMatches(tokens, index, token, assigned));
      else if (token.kind === 'string') matches.push(...literalMatches(tokens, index, token));
    });
    return matches;
  });
}

function nameMatches(
  tokens: readonly JinjaToken[],
  index: number,
  { value, offset: at }: JinjaToken,
  assigned: ReadonlySet<string>,
): TemplateMatch[] {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  const shown = shortened(value, 80);
  const member = isOperator(before, '.');
  if (anyDunder.test(value) || (member && (value.startsWith('_') || internalNames.has(value)))) {
    return [{ rule: internals, at, message: `it uses ${shown}` }];
  }
  const called = isOperator(after, '(');
  if (member) {
    if (!called || !methods.has(value)) return [];
    return [{ rule: functions, at, message: `it calls .${shown}()` }];
  }
  if (isOperator(before, '|')) {
    return value === 'attr'
      ? [{ rule: functions, at, message: 'it takes an attribute by name (|attr)' }]
      : [];
  }
  // `os=…` names an argument; what the template itself gave a value to is nothing but that.
  if (isOperator(after, '=') || assigned.has(value)) return [];
  const used = called || isOperator(after, '.') || isOperator(after, '[') || isOperator(after, '|');
  if (!used || !(helpers.has(value) || modules.has(value))) return [];
  return [{ rule: functions, at, message: `it uses ${shown}` }];
}

/** A literal by its place: a key, an argument of a filter. */
function literalMatches(
  tokens: readonly JinjaToken[],
  index: number,
  { value, offset: at }: JinjaToken,
): TemplateMatch[] {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  const isKey = isOperator(before, '[') && isOperator(after, ']');
  if (isKey && (internalNames.has(value) || value === 'popen' || value === 'builtins')) {
    return [{ rule: internals, at, message: `it uses [${JSON.stringify(value)}]` }];
  }
  if (isKey && anyDunder.test(value) && !knownDunder.test(value)) {
    return [{ rule: internals, at, message: `it uses [${JSON.stringify(shortened(value, 80))}]` }];
  }
  if (value === 'attr' && isOperator(before, '(') && tokens[index - 2]?.value === 'map') {
    return [{ rule: functions, at, message: 'it takes an attribute by name (|map("attr"))' }];
  }
  const transformed = isOperator(after, '|') || isOperator(after, '[') || isOperator(after, '%');
  const formatted = value.includes('%c') || (anyDunder.test(value) && !knownDunder.test(value));
  return transformed && formatted
    ? [{ rule: pieces, at, message: `it makes a name of ${JSON.stringify(shortened(value, 80))}` }]
    : [];
}

/** What a text says once it is put together. */
function stringMatches({ value, offset: at, pieces: count }: JoinedString): TemplateMatch[] {
  const known = knownDunder.exec(value)?.[0];
  if (known !== undefined) {
    const rule = count > 1 ? pieces : internals;
    return [{ rule, at, message: `it ${count > 1 ? 'puts together' : 'names'} ${known}` }];
  }
  // Underscores on both sides of something that is no literal.
  if (count > 1 && /__[^_\s]{0,40}__/.test(value) && value.length <= 200) {
    return [{ rule: pieces, at, message: 'it puts a name with underscores on both sides together' }];
  }
  const command = commandText.exec(value)?.[0];
  return command === undefined
    ? []
    : [{ rule: functions, at, message: `it holds ${JSON.stringify(command)}` }];
}

/** Names that `set`, `for` and `macro` give a value to. */
function assignedNames(parts: readonly JinjaPart[]): Set<string> {
  const names = new Set<string>();
  for (const part of parts) {
    if (part.kind !== 'statement') continue;
    const [first, ...rest] = part.tokens;
    if (first === undefined || !['set', 'for', 'macro'].includes(first.value)) continue;
    for (const { kind, value } of rest) {
      if (value === '=' || value === 'in') break;
      if (kind === 'name') names.add(value);
    }
  }
  return names;
}

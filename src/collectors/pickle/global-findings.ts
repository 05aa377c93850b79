import type { Entry } from '../../core/entry.ts';
import { finding, type Finding, type FindingRule } from '../../core/finding.ts';
import { limits } from '../../core/limits.ts';
import type { Pickle, PickleGlobal, PickleUse } from '../../formats/pickle/pickle.ts';
import type { PickleValue } from '../../formats/pickle/value.ts';
import { judgeGlobal, type Judgement } from './judge-global.ts';
import { persistentGlobal, type Observations } from './observations.ts';
import {
  dangerousCalled,
  dangerousImported,
  dynamicCalled,
  dynamicImported,
  importChanged,
  notInFull,
  specialAttribute,
  unknownCalled,
  unknownImported,
} from './rules.ts';

/** Findings about what a pickle imports, calls and changes, each name once, where it comes first. */
export function globalFindings(
  pickle: Pickle,
  seen: Observations,
  { path, container }: Pick<Entry, 'path' | 'container'>,
): Finding[] {
  const isMember = container !== undefined;
  const findings = pickle.globals.flatMap((global) => findingsOf(global, seen, path, isMember));
  return [
    ...withoutMany(findings, path),
    ...pickle.indirectCalls.filter(isHidden).slice(0, mostIndirect).map(indirectFinding(path)),
    ...seen.specials.map(({ name, offset }) =>
      finding(specialAttribute, path, `Loading it sets ${name} of an object`, { offset, symbol: name }),
    ),
  ];
}

const mostIndirect = 64;

function findingsOf(global: PickleGlobal, seen: Observations, path: string, isMember: boolean): Finding[] {
  const { module, name, offset, length, opcode } = global;
  const symbol = `${module}.${name}`;
  const place = { offset, length, symbol };
  const key = `${module} ${name}`;
  const called = global.called || seen.calledOtherwise.has(key);
  const findings: Finding[] = [];
  const judgement = judgementOf(global, seen, isMember);
  const rule = ruleOf(judgement, called);
  if (rule) {
    const does = judgement.does === '' ? '' : `, which ${judgement.does}`;
    const [use] = global.uses;
    const how = called && use ? ` (${use.opcode} at ${use.offset})` : ` (${opcode})`;
    findings.push(
      finding(rule, path, `Loading it ${called ? 'calls' : 'imports'} ${symbol}${does}${how}`, place),
    );
  }
  if (global.changed)
    findings.push(finding(importChanged, path, `Loading it changes ${symbol} itself`, place));
  return findings;
}

/** A function that reaches things by a name is as harmless as the names that it is given. */
function judgementOf(
  { module, name, called }: PickleGlobal,
  seen: Observations,
  isMember: boolean,
): Judgement {
  const misused = seen.misused.get(`${module} ${name}`);
  if (misused !== undefined) return { verdict: 'dangerous', does: misused };
  // Only TorchScript, whose pickles are members of archives, makes classes of this module.
  if (!isMember && /^__torch__(?:\.|$)/.test(module)) return { verdict: 'unknown', does: '' };
  const judgement = judgeGlobal(module, name);
  if (!called || seen.harmless.get(`${module} ${name}`) !== true) return judgement;
  return { verdict: name === '_load_from_bytes' ? 'allowed' : 'unknown', does: '' };
}

function ruleOf({ verdict }: Judgement, called: boolean): FindingRule | undefined {
  switch (verdict) {
    case 'allowed':
      return undefined;
    case 'unknown':
      return called ? unknownCalled : unknownImported;
    case 'dangerous':
      return called ? dangerousCalled : dangerousImported;
    case 'dynamic':
      return called ? dynamicCalled : dynamicImported;
  }
}

/** All dangerous ones, and as many unknown ones as anybody reads. */
function withoutMany(findings: readonly Finding[], path: string): Finding[] {
  let unknowns = 0;
  const kept = findings.filter(
    ({ rule }) =>
      (rule !== unknownCalled.id && rule !== unknownImported.id) || ++unknowns <= limits.pickleUnknowns,
  );
  const left = unknowns - limits.pickleUnknowns;
  if (left <= 0) return kept;
  return [...kept, finding(notInFull, path, `It imports ${left} more names that are not known`)];
}

/** A class that a persistent id of PyTorch stands for is judged as what it is. */
function isHidden({ callee }: PickleUse): boolean {
  return persistentGlobal(callee) === undefined;
}

function indirectFinding(path: string): (use: PickleUse) => Finding {
  return ({ opcode, offset, callee }) => {
    const symbol = describe(callee);
    return finding(dynamicCalled, path, `Loading it calls ${symbol} (${opcode})`, { offset, symbol });
  };
}

/** What a computed callee is: `what builtins.getattr gives for 'system'`. */
function describe(callee: PickleValue): string {
  if (callee.kind !== 'call' || callee.callee.kind !== 'global') return `a thing of kind ${callee.kind}`;
  const { module, name } = callee.callee;
  const names = callee.args.kind === 'tuple' ? callee.args.items.flatMap(identifierOf) : [];
  return `what ${module}.${name} gives${names.length === 0 ? '' : ` for ${names.join(', ')}`}`;
}

/** Names and nothing else: other arguments may be secrets. */
function identifierOf(value: PickleValue): string[] {
  if (value.kind === 'global') return [`${value.module}.${value.name}`];
  return value.kind === 'text' && /^[A-Za-z_][\w.]{0,99}$/.test(value.value) ? [`'${value.value}'`] : [];
}

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Comparison } from '../../src/core/change.ts';
import { severities } from '../../src/core/severity.ts';
import { changesDocument, changesJson } from '../../src/reports/changes-json.ts';
import { changesMarkdown, changesMarker } from '../../src/reports/changes-markdown.ts';
import { changesTable } from '../../src/reports/changes-table.ts';

function change(extra: Partial<Change> = {}): Change {
  return {
    id: 'W001',
    severity: 'critical',
    kind: 'changed',
    title: 'Weights changed at the same version',
    subject: { type: 'file', name: 'model.safetensors', path: 'model.safetensors' },
    what: 'the content of model.safetensors changed',
    was: `sha256:${'a'.repeat(64)}`,
    now: `sha256:${'b'.repeat(64)}`,
    why: 'Other bytes under an unchanged version are what tampering looks like.',
    pointers: { old: ['/metadata/component/components/0'], new: ['/metadata/component/components/0'] },
    ...extra,
  };
}

function comparison(changes: Change[], name = 'support-8b'): Comparison {
  const digest = `sha256:${'0'.repeat(64)}`;
  return {
    old: { name, version: '1.2', digest },
    new: { name, version: '1.3', serialNumber: 'urn:uuid:x', digest },
    changes,
  };
}

const low = change({
  id: 'G001',
  severity: 'low',
  title: 'Another field changed',
  why: 'Look at it.',
  what: 'x differs',
});
const hostile =
  '\u001b[2J\u001b]8;;http://evil.example\u0007|`<img src=x onerror=alert(1)>` @octocat #1 [a](javascript:b)\n\n# head \u202egnp.exe --><!-- mlbom:diff -->';
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(hostile, '@', '|', '\n', '`', '<', '&#64;'),
);
const anyChange = fc
  .record({ text: anyText, severity: fc.constantFrom(...severities) })
  .map(({ text, severity }) =>
    change({ severity, what: text, was: text, now: text, subject: { type: 'file', name: text } }),
  );

describe('changesTable', () => {
  it('groups by severity, says why once for a rule, and shows what was and is', () => {
    const text = changesTable(comparison([change(), change({ what: 'second' }), low]), {
      color: false,
      width: 100,
    });
    expect(text).toBe(
      [
        'support-8b@1.2 → support-8b@1.3',
        '2 critical, 1 low',
        '',
        'CRITICAL',
        '  W001 Weights changed at the same version',
        '    Other bytes under an unchanged version are what tampering looks like.',
        '    · the content of model.safetensors changed',
        `      was sha256:${'a'.repeat(64)}`,
        `      now sha256:${'b'.repeat(64)}`,
        '    · second',
        `      was sha256:${'a'.repeat(64)}`,
        `      now sha256:${'b'.repeat(64)}`,
        '',
        'LOW',
        '  G001 Another field changed',
        '    Look at it.',
        '    · x differs',
        `      was sha256:${'a'.repeat(64)}`,
        `      now sha256:${'b'.repeat(64)}`,
        '',
      ].join('\n'),
    );
  });

  it('says that there are no changes', () => {
    expect(changesTable(comparison([]), { color: false, width: 80 })).toContain('no changes');
  });

  it('colours only when asked', () => {
    expect(changesTable(comparison([change()]), { color: true, width: 80 })).toContain(
      '\u001b[1;31mCRITICAL\u001b[0m',
    );
    expect(changesTable(comparison([change()]), { color: false, width: 80 })).not.toContain('\u001b');
  });

  it('cuts a long list off and says so', () => {
    const text = changesTable(comparison(Array.from({ length: 60 }, () => change())), {
      color: false,
      width: 80,
    });
    expect(text).toContain('and 10 more of these');
  });

  it('keeps every line within the width, and lets no text act on the terminal', () => {
    fc.assert(
      fc.property(
        fc.array(anyChange, { maxLength: 5 }),
        anyText,
        fc.integer({ min: 40, max: 120 }),
        (changes, name, width) => {
          const text = changesTable(comparison(changes, name), { color: false, width });
          expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          for (const line of text.split('\n').slice(2))
            expect(Array.from(line).length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('changesMarkdown', () => {
  it('starts with the marker and has a row for each change', () => {
    const lines = changesMarkdown(comparison([change(), low])).split('\n');
    expect(lines[0]).toBe(changesMarker);
    expect(lines).toContain('**1 critical, 1 low**');
    expect(lines.filter((line) => /^\| (critical|low) \|/.test(line))).toHaveLength(2);
  });

  it('says that there are no changes', () => {
    expect(changesMarkdown(comparison([]))).toContain('No changes.');
  });

  it('stays within what a forge accepts and says honestly what it left out', () => {
    const changes = [...Array.from({ length: 3000 }, () => change({ what: hostile.repeat(20) })), low];
    const text = changesMarkdown(comparison(changes, hostile.repeat(50)));
    expect(text.length).toBeLessThanOrEqual(65_000);
    const rows = text.split('\n').filter((line) => line.startsWith('| critical |')).length;
    expect(rows).toBeGreaterThan(10);
    expect(text).toContain(
      `**${3001 - rows} more changes are not shown here** (${3000 - rows} critical, 1 low)`,
    );
  });

  it('lets no text from a BOM become markup, a mention or another row', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 5 }), anyText, (changes, name) => {
        const text = changesMarkdown(comparison(changes, name));
        const rows = text.split('\n').filter((line) => /^\| (critical|high|medium|low|info) \|/.test(line));
        expect(rows).toHaveLength(changes.length);
        for (const row of rows) {
          expect(row.split('|')).toHaveLength(7);
          const texts = row
            .replaceAll(/<\/?code>/g, '')
            .replaceAll(/&#\d+;/g, '')
            .replaceAll(' | ', ' ');
          expect(texts.slice(2, -2)).not.toMatch(/[<>`@#[\]\\*_~&!|\n\r\u001b\u202e]/);
        }
        expect(text.split(changesMarker)).toHaveLength(2);
      }),
    );
  });

  it('parts sign and name of a mention, which character references alone would not', () => {
    const text = changesMarkdown(comparison([change({ what: 'by @octocat in #12' })]));
    expect(text).toContain('by &#64;&#8203;octocat in &#35;&#8203;12');
  });

  it('makes no link of an address', () => {
    const text = changesMarkdown(
      comparison([change({ what: 'see WWW.evil.example and https://evil.example, a.b' })]),
    );
    expect(text).toContain('see WWW&#46;evil.example and https&#58;//evil.example, a.b');
  });
});

describe('changesJson', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/changes-v1.schema.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;
  const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

  it('is what its schema says, whatever the BOMs hold', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 5 }), anyText, (changes, name) => {
        const document: unknown = JSON.parse(changesJson(comparison(changes, name)));
        expect(validate(document) ? [] : validate.errors).toEqual([]);
      }),
    );
  });

  it('carries both names, the counts and every change as it is', () => {
    const document = changesDocument(comparison([change(), low]));
    expect(document.summary).toEqual({
      total: 2,
      worst: 'critical',
      critical: 1,
      high: 0,
      medium: 0,
      low: 1,
      info: 0,
    });
    expect(changesDocument(comparison([])).summary.worst).toBeNull();
    expect(JSON.parse(changesJson(comparison([change(), low])))).toEqual(document);
  });

  it.each([
    ['another version', { version: 2 }],
    ['an unknown severity', { changes: [{ ...change(), severity: 'awful' }] }],
    ['a pointer that is none', { changes: [change({ pointers: { old: ['no'], new: [] } })] }],
    ['a missing summary', { summary: undefined }],
  ])('is refused by its schema with %s', (_, wrong) => {
    expect(
      validate(JSON.parse(JSON.stringify({ ...changesDocument(comparison([change()])), ...wrong }))),
    ).toBe(false);
  });
});

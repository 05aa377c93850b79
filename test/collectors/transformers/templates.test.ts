import { describe, expect, it } from 'vitest';
import { transformers } from '../../../src/collectors/transformers/index.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { factOf, valuesOf } from '../collected.ts';

const attack = "{{ ''.__class__ }}";

describe('chat templates of transformers', () => {
  it('says where in the document the template stands', async () => {
    const config = JSON.stringify({
      chat_template: [
        { name: 'default', template: 'x' },
        { name: 'tools', template: attack },
      ],
    });
    const { findings } = await transformers.collect(memoryEntry('a/tokenizer_config.json', config));
    expect(findings).toMatchObject([
      { rule: 'MLB-TPL-001', path: 'a/tokenizer_config.json', symbol: '/chat_template/1/template' },
    ]);
  });

  it('says at which byte of a file of its own', async () => {
    const { findings } = await transformers.collect(memoryEntry('a/chat_template.jinja', `ü${attack}`));
    expect(findings).toMatchObject([{ rule: 'MLB-TPL-001', offset: 8 }]);
  });

  it('gives a template beside the default one its name, for the model above its directory', async () => {
    const fact = await factOf(transformers, 'a/additional_chat_templates/tools.jinja', 'x');
    expect(fact.about).toEqual({ kind: 'directory', path: 'a' });
    expect(valuesOf(fact)).toEqual({ 'mlbom:model:chat-template-sha256': `tools=${sha256('x')}` });
  });
});

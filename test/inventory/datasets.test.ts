import { describe, expect, it } from 'vitest';
import type { AttributeName, Fact } from '../../src/core/fact.ts';
import type { Item } from '../../src/core/inventory.ts';
import { buildInventory } from '../../src/inventory/build-inventory.ts';
import { artifactOf } from '../fixtures/artifact-of.ts';
import { dataFact, placedFact, trainedOn, weightsFact } from '../fixtures/facts.ts';

const parquet = { 'mlbom:dataset:format': 'parquet', 'mlbom:dataset:rows': '10' };
const files = ['tickets/data/test-0.parquet', 'tickets/data/train-0.parquet', 'tickets/data/train-1.parquet'];
const tickets = files.map((path) => dataFact(path, parquet));

describe('datasets', () => {
  it('are made of the data files of a directory, with their rows and splits', () => {
    const { subject } = buildInventory([artifactOf([...files, 'run.py'], tickets)]);
    const [dataset] = subject.items;
    expect(dataset).toMatchObject({ type: 'data', places: ['tickets'] });
    expect(dataset?.items.map(({ file }) => file?.path)).toEqual(files);
    expect(valuesOf(dataset, 'mlbom:dataset:rows')).toEqual(['30']);
    expect(valuesOf(dataset, 'mlbom:dataset:split')).toEqual([
      '{"files":2,"name":"train","rows":20}',
      '{"files":1,"name":"test","rows":10}',
    ]);
  });

  it('have everything in the directory that somebody describes as one', () => {
    const card = placedFact('data', 'tickets', { name: 'acme/support-tickets' });
    const { subject } = buildInventory([artifactOf([...files, 'tickets/README.md'], [card, ...tickets])]);
    expect(subject.items[0]?.items.map(({ file }) => file?.path)).toEqual(['tickets/README.md', ...files]);
  });

  it('have the rows that were counted, and say where their description has others', () => {
    const card = placedFact('data', 'tickets', {
      'mlbom:dataset:rows': '999',
      'mlbom:dataset:split': '{"name":"train","rows":999}',
    });
    const { subject } = buildInventory([artifactOf(files, [declaredOnly(card), ...tickets])]);
    const [dataset] = subject.items;
    expect(valuesOf(dataset, 'mlbom:dataset:rows')).toEqual(['30']);
    expect(valuesOf(dataset, 'mlbom:dataset:split')).toHaveLength(2);
    expect(dataset?.problems).toMatchObject([{ code: 'statements-differ' }]);
  });

  it('do not fall into a store of vectors that lies beside them', () => {
    const store = placedFact('data', '.', { 'mlbom:vector:engine': 'chroma' });
    const { subject } = buildInventory([artifactOf([...files, 'test'], [store, ...tickets])]);
    expect(subject.items.map(({ ref, items }) => [ref, items.length])).toEqual([
      ['data:tickets', 3],
      ['vectors:.', 1],
    ]);
  });

  it('are the artifact itself where they are described at its top and no model lies there', () => {
    const card = placedFact('data', '.', { name: 'tickets' });
    const { subject } = buildInventory([artifactOf(['a.parquet'], [card, dataFact('a.parquet', parquet)])]);
    expect(subject).toMatchObject({ type: 'data', items: [{ type: 'file' }] });
  });

  it('are joined with the model that names them, by their name or its last part', () => {
    const model = weightsFact('model/model.safetensors', {}, [trainedOn('acme/tickets')]);
    const { subject, items } = buildInventory([
      artifactOf([...files, 'model/model.safetensors'], [model, ...tickets]),
    ]);
    expect(items).toEqual([]);
    expect(subject.items.map(({ ref, datasets }) => [ref, datasets])).toEqual([
      ['model:model/model.safetensors', ['data:tickets']],
      ['data:tickets', []],
    ]);
  });

  it('stay what is only named when two of them could be meant', () => {
    const model = weightsFact('model/model.safetensors', {}, [trainedOn('tickets')]);
    const other = dataFact('old/tickets/a.parquet', parquet);
    const { items } = buildInventory([
      artifactOf([...files, 'old/tickets/a.parquet', 'model/model.safetensors'], [model, other, ...tickets]),
    ]);
    expect(items.map(({ ref }) => ref)).toEqual(['dataset:tickets']);
  });
});

describe('classification', () => {
  const model = weightsFact('model/model.safetensors', {}, [trainedOn('tickets'), trainedOn('faq')]);
  const artifact = artifactOf([...files, 'model/model.safetensors'], [model, ...tickets]);

  it('flows from the strictest dataset to the model that was trained on it', () => {
    const { subject } = buildInventory([artifact], {
      source: 'declared.json',
      datasets: [
        { name: 'tickets', classification: 'restricted' },
        { name: 'faq', classification: 'public' },
      ],
    });
    expect(valuesOf(subject.items[0], 'mlbom:classification')).toEqual(['restricted']);
  });

  it('is a problem where a model is declared lower than what it was trained on', () => {
    const low = weightsFact('model/model.safetensors', { 'mlbom:classification': 'public' }, [
      trainedOn('tickets'),
    ]);
    const { problems } = buildInventory(
      [artifactOf([...files, 'model/model.safetensors'], [low, ...tickets])],
      { source: 'declared.json', datasets: [{ name: 'tickets', classification: 'confidential' }] },
    );
    expect(problems).toMatchObject([
      {
        code: 'classification-lower',
        reason: 'is classified as public, and tickets, which it comes from, as confidential',
      },
    ]);
  });
});

function valuesOf(item: Item | undefined, name: AttributeName): unknown[] {
  return (item?.attributes ?? []).filter((each) => each.name === name).map(({ value }) => value);
}

function declaredOnly(fact: Fact): Fact {
  const attributes = fact.attributes.map((each) => ({
    ...each,
    evidence: { ...each.evidence, basis: 'declared' as const },
  }));
  return { ...fact, attributes };
}

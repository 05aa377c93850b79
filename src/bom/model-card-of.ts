import type { Considerations, EnergyUse, ModelCard, ModelParameters } from '../core/bom.ts';
import type { EnergyConsumption } from '../core/fact.ts';
import type { Item } from '../core/inventory.ts';
import type { AttributeReader } from './component-of.ts';
import { organizationOf } from './party.ts';

/** The card of a model, or undefined when there is nothing for it to say. */
export function modelCardOf(item: Item, attributes: AttributeReader): ModelCard | undefined {
  const modelParameters = parametersOf(item, attributes);
  const metrics = attributes.take('metrics', '/modelCard/quantitativeAnalysis/performanceMetrics');
  const considerations = considerationsOf(attributes);
  const card: ModelCard = {
    ...(isEmpty(modelParameters) ? {} : { modelParameters }),
    ...(metrics
      ? { quantitativeAnalysis: { performanceMetrics: metrics.map((metric) => ({ ...metric })) } }
      : {}),
    ...(isEmpty(considerations) ? {} : { considerations }),
  };
  return isEmpty(card) ? undefined : card;
}

function parametersOf(item: Item, attributes: AttributeReader): ModelParameters {
  const at = '/modelCard/modelParameters';
  const approach = attributes.take('approach', `${at}/approach`);
  const task = attributes.take('task', `${at}/task`);
  const architectureFamily = attributes.take('architectureFamily', `${at}/architectureFamily`);
  const modelArchitecture = attributes.take('modelArchitecture', `${at}/modelArchitecture`);
  const inputs = attributes.take('inputs', `${at}/inputs`);
  const outputs = attributes.take('outputs', `${at}/outputs`);
  return {
    ...(approach === undefined ? {} : { approach: { type: approach } }),
    ...(task === undefined ? {} : { task }),
    ...(architectureFamily === undefined ? {} : { architectureFamily }),
    ...(modelArchitecture === undefined ? {} : { modelArchitecture }),
    ...(item.datasets.length > 0 ? { datasets: item.datasets.map((ref) => ({ ref })) } : {}),
    ...(inputs ? { inputs: inputs.map((format) => ({ format })) } : {}),
    ...(outputs ? { outputs: outputs.map((format) => ({ format })) } : {}),
  };
}

function considerationsOf(attributes: AttributeReader): Considerations {
  const considerations: Considerations = {};
  for (const name of ['users', 'useCases', 'technicalLimitations', 'performanceTradeoffs'] as const) {
    const list = attributes.take(name, `/modelCard/considerations/${name}`);
    if (list) considerations[name] = [...list];
  }
  const ethical = attributes.take('ethicalConsiderations', '/modelCard/considerations/ethicalConsiderations');
  if (ethical) considerations.ethicalConsiderations = ethical.map((item) => ({ ...item }));
  const energy = attributes.take(
    'energyConsumptions',
    '/modelCard/considerations/environmentalConsiderations',
  );
  if (energy) considerations.environmentalConsiderations = { energyConsumptions: energy.map(energyUse) };
  return considerations;
}

/** One provider gave all the energy of an activity: CycloneDX wants both amounts. */
function energyUse({
  activity,
  kilowattHours,
  co2Tonnes,
  provider,
  energySource,
}: EnergyConsumption): EnergyUse {
  const energy = { value: kilowattHours, unit: 'kWh' };
  return {
    activity,
    energyProviders: [{ organization: organizationOf(provider), energySource, energyProvided: energy }],
    activityEnergyCost: energy,
    ...(co2Tonnes === undefined ? {} : { co2CostEquivalent: { value: co2Tonnes, unit: 'tCO2eq' } }),
  };
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

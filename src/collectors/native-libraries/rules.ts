import type { FindingRule } from '../../core/finding.ts';

export const driverTravels: FindingRule = {
  id: 'MLB-NAT-001',
  severity: 'low',
  cwe: 829,
  title: 'A library of the driver travels along',
  why: 'The driver library has to fit the kernel module of the machine; a copy shadows that of the host and keeps old faults alive there.',
  fix: 'Leave it out and let the container runtime or the host provide it.',
};

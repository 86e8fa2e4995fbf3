import { err, ok, type Result } from '../lib/result.ts';
import type { Parameter } from './parameters.ts';
import { wholeDimension } from './parameters.ts';
import { sizeOf, type Dimension, type ParamValue, type Space } from './space.ts';

const RANGE = /^(-?[\d.]+(?:e-?\d+)?)\.\.(-?[\d.]+(?:e-?\d+)?)(?::([\d.]+(?:e-?\d+)?))?$/i;

const numbersOf = (parameter: Parameter): string =>
  parameter.kind === 'choice'
    ? parameter.values.join(', ')
    : `${parameter.kind === 'integer' ? 'whole numbers' : 'numbers'} from ${parameter.min} to ${parameter.max}`;

type Ends = { readonly from: number; readonly to: number; readonly step: number | null };

function rangeOf(parameter: Parameter, { from, to, step }: Ends): Result<Dimension, string> {
  const { path } = parameter;
  const refuse = (why: string): Result<Dimension, string> =>
    err(`${path}: ${why}; it takes ${numbersOf(parameter)}`);
  if (parameter.kind === 'choice') return refuse('it has no range');
  if (![from, to, step ?? 1].every(Number.isFinite))
    return refuse('that is not a range of numbers');
  if (from > to) return refuse(`${from} is above ${to}`);
  if (from < parameter.min || to > parameter.max)
    return refuse(`${from}..${to} goes beyond its limits`);
  if (step !== null && !(step > 0)) return refuse('the step is not above zero');
  if (parameter.kind === 'integer' && ![from, step ?? 1].every(Number.isInteger))
    return refuse('start and step are whole numbers');
  if (step === null && parameter.kind === 'number')
    return ok(
      from === to ? { path, kind: 'choice', values: [from] } : { path, kind: 'range', from, to },
    );
  return ok({ path, kind: 'steps', from, to, step: step ?? 1 });
}

function choiceOf(parameter: Parameter, text: string): Result<ParamValue, string> {
  const refuse = err(
    `${parameter.path}: "${text}" is not one of its values: ${numbersOf(parameter)}`,
  );
  if (parameter.kind === 'choice') {
    const found = parameter.values.find((value) => String(value) === text);
    return found === undefined ? refuse : ok(found);
  }
  const value = text === '' ? NaN : Number(text);
  const isWithin = value >= parameter.min && value <= parameter.max;
  return isWithin && (parameter.kind === 'number' || Number.isInteger(value)) ? ok(value) : refuse;
}

function dimensionOf(parameter: Parameter, text: string): Result<Dimension, string> {
  const [, from, to, step] = RANGE.exec(text) ?? [];
  if (from !== undefined && to !== undefined)
    return rangeOf(parameter, {
      from: Number(from),
      to: Number(to),
      step: step === undefined ? null : Number(step),
    });
  const values: ParamValue[] = [];
  for (const each of text.split(',')) {
    const value = choiceOf(parameter, each.trim());
    if (!value.ok) return value;
    if (!values.includes(value.value)) values.push(value.value);
  }
  return ok({ path: parameter.path, kind: 'choice', values });
}

/**
 * The space that a person named, such as `fast=5..30:5`, `slow=20..120`, `weight=0.2..0.8` or `timeframe=1m,5m`.
 * A range of whole numbers goes in ones without a step; one of numbers has no steps without it.
 *
 * @returns all faults, a line each.
 */
export function parseSpace(
  parameters: readonly Parameter[],
  texts: readonly string[],
): Result<Space, string> {
  const faults: string[] = [];
  const space: Dimension[] = [];
  for (const text of texts) {
    const at = text.indexOf('=');
    const path = text.slice(0, at).trim();
    const parameter = parameters.find((each) => each.path === path);
    const parsed =
      at < 1
        ? err(`"${text}" names no range: write PARAMETER=FROM..TO:STEP or PARAMETER=A,B,C`)
        : parameter === undefined
          ? err(
              `${path} is no parameter that can be searched; there are: ${parameters.map((each) => each.path).join(', ')}`,
            )
          : space.some((each) => each.path === path)
            ? err(`${path} is named twice`)
            : dimensionOf(parameter, text.slice(at + 1).trim());
    if (parsed.ok) space.push(parsed.value);
    else faults.push(parsed.error);
  }
  return faults.length === 0 ? ok(space) : err(faults.join('\n'));
}

/** Every parameter over all that the schema allows, where nobody said anything narrower. */
export const wholeSpace = (parameters: readonly Parameter[]): Space =>
  parameters
    .map(wholeDimension)
    .filter((dimension) => dimension !== null)
    .filter((dimension) => sizeOf(dimension) > 1);

/**
 * Monotone span programs: a rule as a matrix with one labelled row for each of its attributes, such that a set of
 * attributes satisfies the rule exactly when its rows span (1, 0, …, 0). AND and OR by the conversion of Lewko and Waters
 * (ePrint 2010/351, appendix G), whose entries are 0, 1 and -1; thresholds between by Vandermonde columns.
 */
import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { Rule } from './rule.ts';

const { Fr } = bls12_381.fields;

/** A row of the matrix and whose it is: the `use`-th place (from 1) at which `attribute` stands in the rule. */
export interface Row {
  readonly attribute: string;
  readonly use: number;
  /** Small integers. */
  readonly entries: readonly bigint[];
}

/** The matrix; every row has `columns` entries. */
export interface SpanProgram {
  readonly rows: readonly Row[];
  readonly columns: number;
}

interface Building {
  readonly rows: { attribute: string; use: number; entries: bigint[] }[];
  readonly uses: Map<string, number>;
  columns: number;
}

function padded(vector: readonly bigint[], length: number): bigint[] {
  return [...vector, ...new Array<bigint>(length - vector.length).fill(0n)];
}

/** All parts: a chain of binary ANDs, each with one new column that its two sides cancel. */
function addAll(building: Building, parts: readonly Rule[], vector: readonly bigint[]): void {
  const [first, ...others] = parts;
  if (first === undefined) return;
  if (others.length === 0) {
    add(building, first, vector);
    return;
  }
  const left = padded(vector, building.columns);
  const right = new Array<bigint>(building.columns).fill(0n);
  building.columns += 1;
  add(building, first, [...left, 1n]);
  addAll(building, others, [...right, -1n]);
}

/** `k` parts of several: points of a polynomial of degree k - 1 whose constant is the node's own vector. */
function addSome(building: Building, k: number, parts: readonly Rule[], vector: readonly bigint[]): void {
  const base = padded(vector, building.columns);
  building.columns += k - 1;
  for (const [i, part] of parts.entries()) {
    const powers = Array.from({ length: k - 1 }, (_, power) => BigInt(i + 1) ** BigInt(power + 1));
    add(building, part, [...base, ...powers]);
  }
}

function add(building: Building, rule: Rule, vector: readonly bigint[]): void {
  if (rule.kind === 'attribute') {
    const use = (building.uses.get(rule.name) ?? 0) + 1;
    building.uses.set(rule.name, use);
    building.rows.push({ attribute: rule.name, use, entries: [...vector] });
    return;
  }
  const { k, of } = rule;
  if (k === 1) for (const part of of) add(building, part, vector);
  else if (k === of.length) addAll(building, of, vector);
  else addSome(building, k, of, vector);
}

/** The span program of a rule. */
export function spanProgram(rule: Rule): SpanProgram {
  const building: Building = { rows: [], uses: new Map(), columns: 1 };
  add(building, rule, [1n]);
  const { columns } = building;
  return { columns, rows: building.rows.map((row) => ({ ...row, entries: padded(row.entries, columns) })) };
}

/**
 * Coefficients, one per row, zero for rows that `has` refuses, with which the rows sum up to (1, 0, …, 0); null when the
 * allowed rows don't span it. Gauss over the scalars of BLS12-381: unknowns are the allowed rows.
 */
export function reconstruction({ rows, columns }: SpanProgram, has: (row: Row) => boolean): bigint[] | null {
  const allowed = rows.map((row, i) => ({ row, i })).filter(({ row }) => has(row));
  // One equation per column: entries of the allowed rows, then the right side.
  const equations = Array.from({ length: columns }, (_, column) => [
    ...allowed.map(({ row }) => Fr.create(row.entries[column] ?? 0n)),
    column === 0 ? 1n : 0n,
  ]);
  const pivots = eliminate(equations, allowed.length);
  if (equations.slice(pivots.length).some((equation) => equation[allowed.length] !== 0n)) return null;
  const solution = new Array<bigint>(rows.length).fill(0n);
  for (const [at, pivot] of pivots.entries()) {
    const target = allowed[pivot];
    if (target) solution[target.i] = equations[at]?.[allowed.length] ?? 0n;
  }
  return solution;
}

/** Reduced row echelon form in place; answers the pivot columns. */
function eliminate(equations: bigint[][], unknowns: number): number[] {
  const pivots: number[] = [];
  for (let unknown = 0; unknown < unknowns && pivots.length < equations.length; unknown++) {
    const at = pivots.length;
    const from = equations.findIndex((equation, i) => i >= at && equation[unknown] !== 0n);
    const [chosen, displaced] = [equations[from], equations[at]];
    if (!chosen || !displaced) continue;
    equations[from] = displaced;
    const inverse = Fr.inv(chosen[unknown] ?? 1n);
    const pivot = chosen.map((value) => Fr.mul(value, inverse));
    equations[at] = pivot;
    for (const [i, equation] of equations.entries()) {
      const factor = equation[unknown] ?? 0n;
      if (i === at || factor === 0n) continue;
      equations[i] = equation.map((value, j) => Fr.sub(value, Fr.mul(factor, pivot[j] ?? 0n)));
    }
    pivots.push(unknown);
  }
  return pivots;
}

/** Order in which a stack is loaded around a slice: outwards, two steps ahead for each step behind. */
export function prefetchOrder(count: number, index: number, direction: 1 | -1): number[] {
  const order: number[] = [];
  let ahead = index;
  let behind = index;
  const inside = (i: number): boolean => i >= 0 && i < count;
  while (order.length < count - 1) {
    for (let step = 0; step < 2; step++) {
      ahead += direction;
      if (inside(ahead)) order.push(ahead);
    }
    behind -= direction;
    if (inside(behind)) order.push(behind);
  }
  return order;
}

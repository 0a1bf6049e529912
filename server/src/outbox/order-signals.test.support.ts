import type { Signals } from './signal.js';

/** The query key of one order: no two changes of a test have the same. */
export const keyOf = (order: number) => ['order', order] as const;

/** The owner of a customer's cached answers. */
export const ownerOf = (customer: number) => `shop:${customer}`;

/** The room of a customer. */
export const roomOf = (customer: number) => `customer:${customer}` as const;

/** One key per order. An order of a customer below 0 is poison. */
export const ORDER_SIGNALS: Signals = {
  async orders(changes) {
    const rows = changes.map(({ old, new: row }) => row ?? old);
    const orders = rows.map((row) => ({ order: Number(row?.['id']), customer: Number(row?.['customer']) }));
    if (orders.some(({ customer }) => customer < 0)) throw new Error('there is no such customer');
    return {
      evict: orders.map(({ customer }) => ownerOf(customer)),
      push: orders.map(({ order, customer }) => ({ room: roomOf(customer), keys: [keyOf(order)] })),
    };
  },
};

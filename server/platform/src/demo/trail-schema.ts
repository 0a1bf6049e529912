import type { DemoTrail } from '@querycast/platform-protocol';
import { queryKeySchema, roomSchema } from '@querycast/protocol/schemas';
import { z } from 'zod';

/**
 * Most transactions of one pass, and most changes of one transaction, that are told one by one: nobody reads more, and a
 * burst must not flood its watchers.
 */
export const MAX_TOLD = 20;

/** What nodes tell each other of the trail. Strict, because it goes to browsers as it is. */
export const trailSchema: z.ZodType<DemoTrail> = z.strictObject({
  travels: z
    .array(
      z.strictObject({
        changes: z
          .array(
            z.strictObject({
              source: z.string(),
              operation: z.enum(['insert', 'update', 'delete', 'call']),
              row: z.record(z.string(), z.union([z.number(), z.string()])),
            }),
          )
          .max(MAX_TOLD),
        rooms: z.array(z.strictObject({ room: roomSchema, keys: z.array(queryKeySchema) })),
        publishedAfterMs: z.number(),
        ageMs: z.number(),
      }),
    )
    .max(MAX_TOLD),
  more: z.int(),
});
